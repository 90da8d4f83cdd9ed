"""Waiting for what happens in its own time."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

Value = TypeVar("Value")


async def eventually(
    ask: Callable[[], Awaitable[Value]],
    until: Callable[[Value], bool] = bool,
    *,
    within: float = 90,
    every: float = 0.05,
) -> Value:
    """The first answer that satisfies ``until``; fails with the last one after ``within`` seconds."""
    deadline = time.monotonic() + within
    while True:
        answer = await ask()
        if until(answer):
            return answer
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {within} s; the last answer was {answer!r}")
        await asyncio.sleep(every)
