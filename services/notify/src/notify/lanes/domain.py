"""How many messages of a lane may be on their way, how many may leave in a second, what a day may cost."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Of one worker: ``in_flight`` at once, ``per_second`` (None: as many as there are)."""

    in_flight: int
    per_second: int | None = None


class Throttle:
    """Lets through what a rate allows; what was not used is saved up for a second."""

    def __init__(self) -> None:
        self._saved = 0.0
        self._since: float | None = None

    def allow(self, wanted: int, per_second: int | None, at: float) -> int:
        """How many of ``wanted`` may leave at ``at``, in seconds of a clock that only goes forward."""
        if per_second is None:
            return wanted
        passed = at - self._since if self._since is not None else 1.0
        self._saved = min(per_second, self._saved + passed * per_second)
        self._since = at
        allowed = min(wanted, int(self._saved))
        self._saved -= allowed
        return allowed

    def give_back(self, unused: int) -> None:
        """What was allowed and did not leave."""
        self._saved += unused


@dataclass(frozen=True, slots=True)
class Budget:
    """What a lane may cost on a day of Tehran and what it has cost, in Rial; ``daily`` None: no limit."""

    daily: int | None
    spent: int
    rial_per_part: int

    @property
    def used(self) -> float:
        """The share of the day's budget that is spent; 1.0 is all of it."""
        if self.daily is None:
            return 0.0
        return self.spent / self.daily if self.daily else 1.0

    def parts_left(self, most: int) -> int:
        """How many SMS the rest of the day's budget pays, at most ``most``."""
        if self.daily is None or not self.rial_per_part:
            return most
        return max(0, min(most, (self.daily - self.spent) // self.rial_per_part))
