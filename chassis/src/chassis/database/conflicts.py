"""Transactions that lost against a concurrent one and may simply be run again.

Source: PostgreSQL, "Serialization Failure Handling": 40001 and 40P01 concern the whole transaction.
"""

import asyncio
import secrets
from collections.abc import Awaitable, Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from sqlalchemy.exc import DBAPIError

RETRYABLE = frozenset({"40001", "40P01"})
TRIES = 4

Parameters = ParamSpec("Parameters")
Value = TypeVar("Value")


def is_conflict(error: DBAPIError) -> bool:
    return getattr(error.orig, "sqlstate", None) in RETRYABLE


def retry_conflicts(
    transaction: Callable[Parameters, Awaitable[Value]],
) -> Callable[Parameters, Awaitable[Value]]:
    """Runs ``transaction``, which opens and commits its own, again when it met a deadlock or the like."""

    @wraps(transaction)
    async def run(*args: Parameters.args, **kwargs: Parameters.kwargs) -> Value:
        for attempt in range(1, TRIES):
            try:
                return await transaction(*args, **kwargs)
            except DBAPIError as error:
                if not is_conflict(error):
                    raise
                await asyncio.sleep(secrets.randbelow(10) * attempt / 1000)
        return await transaction(*args, **kwargs)

    return run
