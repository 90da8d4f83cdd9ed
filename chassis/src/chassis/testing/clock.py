"""A clock that stands still until it is moved."""

from datetime import UTC, datetime, timedelta


class MovableClock:
    """Callable like ``system_clock``; starts at the present unless told otherwise."""

    def __init__(self, start: datetime | None = None) -> None:
        self._now = start or datetime.now(UTC)

    def __call__(self) -> datetime:
        return self._now

    def advance(self, **amount: float) -> None:
        """Moves on by a ``timedelta(**amount)``."""
        self._now += timedelta(**amount)

    def set(self, moment: datetime) -> None:
        self._now = moment
