"""Waiting that ends early when the process stops, and spreads processes that wait for the same thing."""

import asyncio
import random
from contextlib import suppress


async def pause(stop: asyncio.Event, seconds: float) -> None:
    """Waits ``seconds`` or until ``stop`` is set."""
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await stop.wait()


def backoff(failures: int, *, first: float = 0.25, longest: float = 5.0) -> float:
    """Seconds before the next try after ``failures`` in a row: doubling, and random by half."""
    whole = min(longest, first * 2.0 ** min(failures, 16))
    return whole * random.uniform(0.5, 1.0)  # noqa: S311 - spreads load, keeps no secret
