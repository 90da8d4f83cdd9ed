"""A JSON Schema for each event."""

import json
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from chassis.messaging import Envelope
from events import REGISTRY, Event

SCHEMAS = Path("events/schemas")
DIALECT = "https://json-schema.org/draft/2020-12/schema"


def schema_of(event: type[Event]) -> dict[str, Any]:
    """What the ``payload`` of the event's message looks like to who publishes it."""
    return _schema(event)


def envelope_schema() -> dict[str, Any]:
    """What every message looks like."""
    return _schema(Envelope)


def files() -> dict[Path, str]:
    return {
        SCHEMAS / f"{name}.json": text(
            {"$schema": DIALECT, "$id": f"urn:nobat:event:{name}"} | schema_of(event)
        )
        for name, event in sorted(REGISTRY.items())
    }


def _named(name: str, event: type[Event]) -> dict[str, Any]:
    return {"$schema": DIALECT, "$id": f"urn:nobat:event:{name}", **schema_of(event)}


def text(document: dict[str, Any]) -> str:
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def _schema(model: type[Any]) -> dict[str, Any]:
    return TypeAdapter(model).json_schema(mode="serialization")
