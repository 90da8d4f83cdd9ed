"""The operations of an OpenAPI document, as attacks are generated from them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from uuid import UUID

import httpx

from chassis.testing.eventually import eventually

Json = dict[str, Any]
METHODS = ("get", "post", "put", "patch", "delete")
WITHOUT = "x-unavailable-services"


@dataclass(frozen=True)
class Operation:
    """``document`` is the whole one that the operation is in."""

    method: str
    path: str
    described: Mapping[str, Any]
    document: Mapping[str, Any]

    def __str__(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def is_protected(self) -> bool:
        return bool(self.described.get("security"))

    @property
    def is_staffs(self) -> bool:
        return "/staff/" in self.path

    @property
    def parameters(self) -> list[str]:
        """Of the path."""
        return [part[1:-1] for part in self.path.split("/") if part.startswith("{")]

    @property
    def answers_json(self) -> bool:
        """And not a file, or a stream that has no end."""
        return "application/json" in self.described["responses"].get("200", {}).get("content", {})

    def at(self, **ids: object) -> str:
        """The path with these ids, and made-up ones where none is given."""
        return self.path.format(**{name: ids.get(name, UUID(int=7)) for name in self.parameters})

    @cached_property
    def body(self) -> Json | None:
        """The schema of a JSON body."""
        content = self.described.get("requestBody", {}).get("content", {})
        found = content.get("application/json", {}).get("schema")
        return None if found is None else resolved(found, self.document)


async def whole_document(client: httpx.AsyncClient) -> Json:
    """The gateway's, once it knows the part of every service."""

    async def look() -> Json:
        found: Json = (await client.get("/api/openapi.json")).raise_for_status().json()
        return found

    return await eventually(look, lambda document: WITHOUT not in document, within=60, every=0.5)


def operations(document: Mapping[str, Any]) -> list[Operation]:
    return [
        Operation(method.upper(), path, described, document)
        for path, item in document["paths"].items()
        for method, described in item.items()
        if method in METHODS
    ]


def resolved(schema: Json, document: Mapping[str, Any]) -> Json:
    """The object schema itself, behind references and ``anyOf`` with null."""
    while "$ref" in schema:
        schema = document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    for choice in schema.get("anyOf", ()):
        found = resolved(choice, document)
        if found.get("type") == "object":
            return found
    return schema


def property_names(document: Mapping[str, Any]) -> set[str]:
    """Of every schema there is."""
    return {
        name for schema in document["components"]["schemas"].values() for name in schema.get("properties", {})
    }


def nested(schema: Json, document: Mapping[str, Any]) -> Iterator[tuple[str, Json]]:
    """The properties that are objects themselves."""
    for name, inner in schema.get("properties", {}).items():
        found = resolved(inner, document)
        if found.get("type") == "object" and "properties" in found:
            yield name, found
