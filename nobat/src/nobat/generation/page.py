"""``docs/events.md``: every event, who publishes it, who listens, what it carries."""

from collections.abc import Iterator, Mapping, Sequence
from inspect import getdoc
from pathlib import Path
from typing import Any

from events import REGISTRY, Event
from nobat.generation.schemas import SCHEMAS, schema_of
from nobat.generation.subscribers import listeners

PAGE = Path("docs/events.md")
HEAD = """\
# Events

Written by `nobat generate` from [`events/`](../events/src/events) and the services' subscriptions.

A message is an envelope (id, name, occurred_at, aggregate_id, version, correlation_id, causation_id,
traceparent) around the event as `payload`. The name is the routing key at the topic exchange `nobat`.
`version` is the aggregate's version after the fact. Fields are only ever added; a breaking change is a
new version of the name, published beside the old one. Amounts are Rial, times are UTC. The same as a
contract for programs: [`asyncapi.json`](asyncapi.json).
"""


def files() -> dict[Path, str]:
    return {PAGE: "\n".join([HEAD, *_overview(), *_sections()]).rstrip() + "\n"}


def _overview() -> Iterator[str]:
    heard = listeners()
    yield from _table(
        ("event", "published by", "heard by"),
        [
            (f"[`{name}`](#{_anchor(name)})", _publisher(name), ", ".join(heard.get(name, ["nobody"])))
            for name in sorted(REGISTRY)
        ],
    )


def _sections() -> Iterator[str]:
    for name, event in sorted(REGISTRY.items()):
        yield f"## {name}\n"
        yield _words(event) + "\n"
        yield f"About `{event.aggregate}`. [JSON Schema](../{SCHEMAS.as_posix()}/{name}.json)\n"
        schema = schema_of(event)
        rows = [(f"`{field}`", _kind(kind, schema)) for field, kind in schema["properties"].items()]
        yield from _table(("field", "type"), rows)


def _words(event: type[Event]) -> str:
    return (getdoc(event) or "").replace("``", "`")


def _kind(field: Mapping[str, Any], schema: Mapping[str, Any]) -> str:
    if "$ref" in field:
        return _kind(schema["$defs"][field["$ref"].rsplit("/", 1)[1]], schema)
    if "anyOf" in field:
        return " or ".join(_kind(one, schema) for one in field["anyOf"])
    if "const" in field:
        return f"`{field['const']}`"
    if "enum" in field:
        return ", ".join(f"`{value}`" for value in field["enum"])
    return str(field.get("format", field.get("type", "any")))


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield f"| {' | '.join('---' for _ in head)} |"
    for row in rows:
        yield f"| {' | '.join(row)} |"
    yield ""


def _publisher(name: str) -> str:
    return name.partition(".")[0]


def _anchor(name: str) -> str:
    return name.replace(".", "")
