"""Several pieces of work at once, none of which hurts another."""

import asyncio
from collections.abc import Coroutine
from typing import Any


async def side_by_side(*work: Coroutine[Any, Any, None]) -> None:
    """Runs all to their end, then raises what went wrong, if anything did, as an ExceptionGroup."""
    endings = await asyncio.gather(*work, return_exceptions=True)
    failures = [ending for ending in endings if isinstance(ending, Exception)]
    if failures:
        raise ExceptionGroup("some of the work failed", failures)
