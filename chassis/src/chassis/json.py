"""JSON as the wire has it: UTF-8 bytes, compact, with UUIDs, dates and pydantic models understood."""

from typing import Any

from pydantic_core import from_json, to_json


def dumps(value: Any) -> bytes:
    return to_json(value)


def dumps_text(value: Any) -> str:
    return to_json(value).decode()


def loads(data: str | bytes) -> Any:
    return from_json(data)
