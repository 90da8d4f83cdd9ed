"""How live updates are written, and how the gateway asks for them: it holds the listeners of all streams.

A *mark* names the state of something as a listener was told it; whatever a listener can see changes it.
Source of the format: WHATWG HTML, server-sent events.
"""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Response
from pydantic import BaseModel, ConfigDict, Field

from chassis.json import dumps_text

EVENT_STREAM = "text/event-stream"
MOST = 5000
RETRY_MILLISECONDS = 3000

STREAM: dict[str, Any] = {
    "response_class": Response,
    "responses": {200: {"content": {EVENT_STREAM: {"schema": {"type": "string"}}}}},
}
"""How a route that begins a stream declares itself."""


class Known(BaseModel):
    """The marks by id, as they were told last."""

    model_config = ConfigDict(extra="forbid")

    known: Annotated[dict[UUID, Annotated[str, Field(max_length=40)]], Field(max_length=MOST)]


def written(name: str, mark: str, data: BaseModel) -> str:
    """An event as it goes over the wire; the mark is in its first line."""
    lines = {"id": mark, "event": name, "retry": RETRY_MILLISECONDS, "data": dumps_text(data)}
    return "".join(f"{field}: {value}\n" for field, value in lines.items()) + "\n"
