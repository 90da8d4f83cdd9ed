"""The rules of merging OpenAPI 3.1 documents; pure."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from chassis.errors import CONTENT_TYPE
from gateway.composition import ORDER_PARTS
from gateway.headers import REQUEST
from gateway.routes import METHODS, Service, find_route

Document = Mapping[str, Any]
Node = Any
Place = tuple[str, str]
"""A component's kind and name: ``("schemas", "Bill")``."""

PROBLEM_SCHEMA: Document = {
    "title": "Problem",
    "description": "RFC 9457. `type` and `code` are stable; `detail` is a sentence for people.",
    "type": "object",
    "required": ["type", "title", "status", "code", "detail"],
    "properties": {
        "type": {"type": "string", "format": "uri"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string"},
        "detail": {"type": "string"},
        "trace_id": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["field", "code", "message"],
                "properties": {
                    "field": {"type": "string"},
                    "code": {"type": "string"},
                    "message": {"type": "string"},
                },
            },
        },
    },
}
PROBLEM_RESPONSE: Document = {
    "description": "A refusal or a failure",
    "content": {CONTENT_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
}
JSON = "application/json"
REFERENCE = "#/components/"
FRAMEWORK_SCHEMAS = frozenset({("schemas", "HTTPValidationError"), ("schemas", "ValidationError")})
COMPOSED = ("/api/v1/orders/{", "get")


def merge(documents: Mapping[Service, Document], missing: Sequence[Service] = ()) -> dict[str, Any]:
    """One document with every operation that the gateway routes to the service that describes it."""
    renamed = _conflicts(documents)
    merged: dict[str, Any] = {
        "openapi": "3.1.0",
        "info": {"title": "Nobat", "version": "1"},
        "paths": {},
        "components": {"schemas": {"Problem": PROBLEM_SCHEMA}},
    }
    if missing:
        merged["x-unavailable-services"] = [str(service) for service in missing]
    secured = False
    for service, document in documents.items():
        public = _renamer(service, renamed)
        for path, operations in _public_paths(service, document):
            item = {name: _operation(public(value)) for name, value in operations.items()}
            merged["paths"].setdefault(path, {}).update(item)
            secured = secured or any("security" in operation for operation in item.values())
        for place, component in _components(document):
            name = public_name(service, place, renamed)
            merged["components"].setdefault(place[0], {})[name] = public(component)
    if secured:
        merged["components"]["securitySchemes"] = {
            "bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}
        }
    _make_operation_ids_unique(merged["paths"])
    _describe_composed(merged)
    return merged


def _public_paths(service: Service, document: Document) -> Iterator[tuple[str, dict[str, Any]]]:
    for path, operations in document.get("paths", {}).items():
        routed = {
            method: operation
            for method, operation in operations.items()
            if method.upper() in METHODS and _leads_to(service, method.upper(), path)
        }
        if routed:
            yield path, routed


def _leads_to(service: Service, method: str, path: str) -> bool:
    route = find_route(method, path.replace("{", "").replace("}", "").encode())
    return route is not None and route.service is service


def _operation(operation: dict[str, Any]) -> dict[str, Any]:
    responses = {
        status: response for status, response in operation.get("responses", {}).items() if status != "422"
    }
    public = {**operation, "responses": {**responses, "default": PROBLEM_RESPONSE}}
    if "parameters" in operation:
        public["parameters"] = [one for one in operation["parameters"] if _is_for_clients(one)]
    if "security" in operation:
        public["security"] = [{"bearer": []}]
    return public


def _is_for_clients(parameter: Document) -> bool:
    """Headers that the gateway does not pass on are between it and the service."""
    name = str(parameter.get("name", "")).lower().encode()
    return parameter.get("in") != "header" or (name in REQUEST and name != b"user-agent")


def _components(document: Document) -> Iterator[tuple[Place, Node]]:
    for kind, components in document.get("components", {}).items():
        if kind != "securitySchemes":
            for name, component in components.items():
                if (kind, name) not in FRAMEWORK_SCHEMAS:
                    yield (kind, name), component


def _conflicts(documents: Mapping[Service, Document]) -> frozenset[Place]:
    """Components that services mean differently by one name, directly or through what they refer to."""
    meanings: dict[Place, list[Node]] = {("schemas", "Problem"): [PROBLEM_SCHEMA]}
    for document in documents.values():
        for place, component in _components(document):
            meanings.setdefault(place, []).append(component)
    conflicts = {place for place, found in meanings.items() if any(one != found[0] for one in found)}
    while spread := {
        place
        for place, found in meanings.items()
        if len(found) > 1 and place not in conflicts and conflicts.intersection(_references(found[0]))
    }:
        conflicts |= spread
    return frozenset(conflicts)


def _references(node: Node) -> Iterator[Place]:
    if isinstance(node, Mapping):
        reference = node.get("$ref")
        if isinstance(reference, str) and reference.startswith(REFERENCE):
            kind, _, name = reference.removeprefix(REFERENCE).partition("/")
            yield kind, name
        for value in node.values():
            yield from _references(value)
    elif isinstance(node, list):
        for value in node:
            yield from _references(value)


def public_name(service: Service, place: Place, renamed: frozenset[Place]) -> str:
    return service.capitalize() + place[1] if place in renamed else place[1]


def _renamer(service: Service, renamed: frozenset[Place]) -> Callable[[Node], Node]:
    """Copies a tree with its references as they are called in the merged document."""

    def rewrite(node: Node) -> Node:
        if isinstance(node, Mapping):
            return {key: reference(value) if key == "$ref" else rewrite(value) for key, value in node.items()}
        return [rewrite(value) for value in node] if isinstance(node, list) else node

    def reference(value: Node) -> Node:
        if not isinstance(value, str) or not value.startswith(REFERENCE):
            return rewrite(value)
        kind, _, name = value.removeprefix(REFERENCE).partition("/")
        return f"{REFERENCE}{kind}/{public_name(service, (kind, name), renamed)}"

    return rewrite


def _make_operation_ids_unique(paths: Mapping[str, dict[str, Any]]) -> None:
    seen: set[str] = set()
    for operations in paths.values():
        for operation in operations.values():
            name = operation.get("operationId")
            if name in seen:
                operation["operationId"] = name = f"{name}_{len(seen)}"
            if name:
                seen.add(name)


def _describe_composed(merged: Mapping[str, Any]) -> None:
    """Adds the members that the gateway adds to an order's page."""
    prefix, method = COMPOSED
    for path, operations in merged["paths"].items():
        if path.startswith(prefix) and path.endswith("}") and method in operations:
            described = operations[method]["responses"].get("200", {}).get("content", {}).get(JSON)
            if described:
                described["schema"] = {"allOf": [described.get("schema", {}), _parts_schema(merged)]}


def _parts_schema(merged: Mapping[str, Any]) -> dict[str, Any]:
    members = {
        name: {
            "type": ["array", "null"],
            "items": _item_schema(merged, part.path),
            "description": f"As `GET {part.path}` has them for this order; null when they cannot be had",
        }
        for name, part in ORDER_PARTS.items()
    }
    partial = {"type": "array", "items": {"enum": list(members)}, "description": "The members that are null"}
    return {
        "type": "object",
        "required": [*members, "partial"],
        "properties": {**members, "partial": partial},
    }


def _item_schema(merged: Mapping[str, Any], path: str) -> Node:
    """What the list at ``path`` has in its ``items``."""
    responses = merged["paths"].get(path, {}).get("get", {}).get("responses", {})
    page = responses.get("200", {}).get("content", {}).get(JSON, {}).get("schema", {})
    for kind, name in _references({"$ref": page.get("$ref")}):
        page = merged["components"][kind][name]
    return page.get("properties", {}).get("items", {}).get("items", {"type": "object"})
