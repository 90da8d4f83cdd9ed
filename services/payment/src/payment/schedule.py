"""When to try again."""

from collections.abc import Sequence
from datetime import datetime, timedelta


def next_time(steps: Sequence[float], then_every: float, since: datetime, now: datetime) -> datetime:
    """The first of ``steps`` still to come, in seconds after ``since``; else ``then_every`` from now."""
    moments = (since + timedelta(seconds=step) for step in steps)
    return next((moment for moment in moments if moment > now), now + timedelta(seconds=then_every))
