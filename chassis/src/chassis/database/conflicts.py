"""Transactions that lost against a concurrent one and may simply be run again."""

import asyncio
import secrets
from collections.abc import Awaitable, Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from sqlalchemy.exc import DBAPIError

from chassis.database.failures import is_conflict

TRIES = 4

Parameters = ParamSpec("Parameters")
Value = TypeVar("Value")


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
