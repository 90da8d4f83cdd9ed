"""The clock that everything asks, so that tests can move it."""

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]
"""Returns the present as an aware UTC datetime."""


def system_clock() -> datetime:
    return datetime.now(UTC)
