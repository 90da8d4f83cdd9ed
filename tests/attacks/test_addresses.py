"""No request says where we are to call: there is nothing to aim at what only we can reach."""

import re
from collections.abc import Iterator
from typing import Any

from nobat.testing.operations import Operation, operations

FORMATS = {"uri", "url", "iri", "uri-reference", "iri-reference", "uri-template", "hostname", "ipv4", "ipv6"}
WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+")
WORDS = {
    "url",
    "uri",
    "href",
    "link",
    "callback",
    "webhook",
    "redirect",
    "endpoint",
    "host",
    "origin",
    "proxy",
}
EXCEPTIONS: dict[str, str] = {}
"""By operation and field, why it may be there all the same."""


def pieces(node: Any, document: dict[str, Any], seen: set[str]) -> Iterator[dict[str, Any]]:
    """``node`` and whatever is in it, each reference followed once."""
    if isinstance(node, list):
        for one in node:
            yield from pieces(one, document, seen)
    elif isinstance(node, dict):
        yield node
        name = str(node.get("$ref", "")).rpartition("/")[2]
        if name and name not in seen:
            seen.add(name)
            yield from pieces(document["components"]["schemas"][name], document, seen)
        yield from pieces(list(node.values()), document, seen)


def fields(operation: Operation, document: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """What a client may send, by name: parameters and, however deep, properties of every kind of body."""
    parameters = operation.described.get("parameters", [])
    yield from ((parameter["name"], parameter["schema"]) for parameter in parameters)
    for piece in pieces([operation.described.get("requestBody", {}), parameters], document, set()):
        if isinstance(properties := piece.get("properties"), dict):
            yield from properties.items()


def holds_an_address(name: str, schema: Any, document: dict[str, Any]) -> bool:
    words = {word.lower() for word in WORD.findall(name)}
    formats = {str(piece.get("format")) for piece in pieces(schema, document, set())}
    return bool(words & WORDS or formats & FORMATS)


async def test_no_request_has_a_field_for_an_address(city):
    offered = [
        (f"{operation} {name}", name, schema)
        for operation in operations(city.document)
        for name, schema in fields(operation, city.document)
    ]
    assert {"national_code", "plan_id", "Idempotency-Key", "limit"} <= {name for _, name, _ in offered}
    found = {where for where, name, schema in offered if holds_an_address(name, schema, city.document)}
    assert found == EXCEPTIONS.keys()
