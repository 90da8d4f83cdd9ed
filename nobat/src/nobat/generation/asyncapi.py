"""``docs/asyncapi.json``: the events as an AsyncAPI 3.0 document.

Source: AsyncAPI Specification 3.0.0, AMQP bindings 0.3.0. A channel is a routing key; publishing services
send to it, every queue bound to it receives.
"""

import json
from inspect import getdoc
from pathlib import Path
from typing import Any

from chassis.messaging.topology import EXCHANGE
from events import REGISTRY, Event
from nobat.generation.schemas import envelope_schema, schema_of, text
from nobat.generation.subscribers import queues

DOCUMENT = Path("docs/asyncapi.json")
BINDING = "0.3.0"
Node = dict[str, Any]


def files() -> dict[Path, str]:
    return {DOCUMENT: text(document())}


def document() -> Node:
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Nobat",
            "version": "1",
            "description": "What the services of Nobat tell each other.",
        },
        "defaultContentType": "application/json",
        "channels": {name: _channel(name) for name in sorted(REGISTRY)},
        "operations": {**_sending(), **_receiving()},
        "components": {
            "messages": {name: _message(name, event) for name, event in sorted(REGISTRY.items())},
            "schemas": _schemas(),
        },
    }


def _channel(name: str) -> Node:
    return {
        "address": name,
        "messages": {name: {"$ref": f"#/components/messages/{name}"}},
        "bindings": {
            "amqp": {
                "is": "routingKey",
                "exchange": {"name": EXCHANGE, "type": "topic", "durable": True, "autoDelete": False},
                "bindingVersion": BINDING,
            }
        },
    }


def _sending() -> Node:
    return {f"{name}.send": {"action": "send", "channel": _at(name)} for name in sorted(REGISTRY)}


def _receiving() -> Node:
    return {
        f"{event.name}.receive.{queue}": {
            "action": "receive",
            "channel": _at(event.name),
            "summary": f"Queue {queue}",
        }
        for queue, events in sorted(queues().items())
        for event in sorted(events, key=lambda event: event.name)
    }


def _at(name: str) -> Node:
    return {"$ref": f"#/channels/{name}"}


def _message(name: str, event: type[Event]) -> Node:
    payload = {"properties": {"name": {"const": name}, "payload": {"$ref": f"#/components/schemas/{name}"}}}
    return {
        "name": name,
        "summary": (getdoc(event) or "").partition("\n")[0],
        "payload": {"allOf": [{"$ref": "#/components/schemas/Envelope"}, payload]},
    }


def _schemas() -> Node:
    models = {"Envelope": envelope_schema()} | {name: schema_of(event) for name, event in REGISTRY.items()}
    found: Node = {}
    for name, schema in sorted(models.items()):
        found |= _own_definitions(name, schema)
    return found


def _own_definitions(name: str, schema: Node) -> Node:
    """The schema and what it defines, which gets the schema's name in front of its own."""
    moved = json.loads(json.dumps(schema).replace('"#/$defs/', f'"#/components/schemas/{name}.'))
    definitions = moved.pop("$defs", {})
    return {name: moved} | {f"{name}.{key}": value for key, value in definitions.items()}
