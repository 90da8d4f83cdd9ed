"""Listening to live updates."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from nobat.testing.visitor import API, Json, Visitor

SECONDS = 30


class Events:
    """What a stream says, in its order."""

    def __init__(self, lines: AsyncIterator[str]) -> None:
        self._lines = lines

    async def until(self, state: str) -> Json:
        """The first event from here on that says this state."""
        async with asyncio.timeout(SECONDS):
            async for line in self._lines:
                event: Json = json.loads(line.removeprefix("data: ")) if line.startswith("data: ") else {}
                if event.get("state") == state:
                    return event
        raise AssertionError(f"the stream ended before {state}")


@asynccontextmanager
async def listening(visitor: Visitor, path: str) -> AsyncIterator[Events]:
    """``path`` is what the visitor follows, such as ``/orders/<id>``."""
    login = {"authorization": f"Bearer {visitor.token}"}
    async with visitor.api.stream("GET", f"{API}{path}/events", headers=login) as stream:
        assert stream.is_success
        yield Events(stream.aiter_lines())
