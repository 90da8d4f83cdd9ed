"""A time of the day on Tehran's clock, in a request or an answer."""

from datetime import time
from typing import Annotated

from pydantic import WithJsonSchema

LocalTime = Annotated[time, WithJsonSchema({"type": "string", "examples": ["08:30:00"]})]
"""JSON Schema's format ``time`` is one with an offset (RFC 3339); this is Tehran's own."""
