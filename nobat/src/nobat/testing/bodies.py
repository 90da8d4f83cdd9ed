"""Bodies that an operation takes, made from its schema, so that what comes after reading them is reached."""

from collections.abc import Mapping
from typing import Any

from hypothesis import find
from hypothesis.strategies import from_regex

Json = Any
Schema = Mapping[str, Any]
WORDS = "Words of a sample, "
OF_A_FORMAT = {
    "uuid": "00000000-0000-0000-0000-000000000007",
    "date": "2026-03-01",
    "date-time": "2026-03-01T08:30:00Z",
    "duration": "P1D",
}


def sample(schema: Schema, document: Schema) -> Json:
    """A value of the schema with what is required and no more; the document's examples go first."""
    if "$ref" in schema:
        return sample(document["components"]["schemas"][schema["$ref"].rpartition("/")[2]], document)
    for known in ("examples", "enum"):
        if schema.get(known):
            return schema[known][0]
    if "const" in schema:
        return schema["const"]
    if choices := schema.get("anyOf") or schema.get("oneOf"):
        return sample(choices[0], document)
    return _of_type(schema, document)


def _of_type(schema: Schema, document: Schema) -> Json:
    match schema.get("type"):
        case "object":
            required = schema.get("required", ())
            return {name: sample(schema["properties"][name], document) for name in required}
        case "array":
            return [sample(schema["items"], document)] * max(1, schema.get("minItems", 1))
        case "integer" | "number":
            return schema.get("minimum", 1)
        case "boolean":
            return True
        case "null":
            return None
    return _text(schema)


def _text(schema: Schema) -> str:
    if schema.get("format") in OF_A_FORMAT:
        return OF_A_FORMAT[schema["format"]]
    if pattern := schema.get("pattern"):
        return find(from_regex(str(pattern), fullmatch=True), lambda _: True)
    long: str = WORDS * (1 + schema.get("minLength", 0) // len(WORDS))
    return long[: schema.get("maxLength", len(long))]
