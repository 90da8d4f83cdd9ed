"""Faults: what a simulator shall do wrong, to whom, how often.

A fault is armed for one subject (a payment, a mobile), for the next subjects that come, or with a probability
for a whole run whose seed makes it repeatable. Armed for a subject, it strikes `times` times and is spent.
"""

from collections import deque
from collections.abc import Iterable
from random import Random
from typing import Generic, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field

WireKind = Literal["unavailable", "slow", "slow_done", "refuse", "hang_done", "hang_lost"]
"""What any provider's answer may suffer, see `answering.answer`."""


class Fault(BaseModel):
    """`seconds` is how long a slow answer takes or a hanging one is held; `times` None means every time."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: str
    operation: str
    seconds: float = Field(default=30, ge=0, le=600)
    times: int | None = Field(default=1, ge=1)
    code: int | None = None


F = TypeVar("F", bound=Fault)


class Chance(BaseModel, Generic[F]):
    probability: float = Field(ge=0, le=1)
    fault: F


class ActiveFaults(Generic[F]):
    """The faults one subject still has before it, and the kinds that struck it."""

    def __init__(self, faults: Iterable[F] = ()) -> None:
        self.struck: list[str] = []
        self.arm(faults)

    def arm(self, faults: Iterable[F]) -> None:
        """Replace what was armed."""
        self._armed = [(fault, fault.times) for fault in faults]

    @property
    def armed(self) -> list[F]:
        return [fault for fault, _ in self._armed]

    def strike(self, kind: str, operation: str) -> F | None:
        """Spend one time of the first fault of this kind and operation."""
        for at, (fault, left) in enumerate(self._armed):
            if (fault.kind, fault.operation) != (kind, operation):
                continue
            self.struck.append(kind)
            if left == 1:
                del self._armed[at]
            elif left is not None:
                self._armed[at] = (fault, left - 1)
            return fault
        return None


class FaultPlan(Generic[F]):
    """Which faults the next subject gets, and which ones each known subject has."""

    def __init__(self) -> None:
        self.clear()

    def clear(self) -> None:
        self.queue: deque[tuple[F, ...]] = deque()
        self.chances: list[Chance[F]] = []
        self.seed: int | None = None
        self._subjects: dict[str, ActiveFaults[F]] = {}

    def arm_next(self, count: int, faults: Iterable[F]) -> None:
        self.queue.extend([tuple(faults)] * count)

    def start_run(self, seed: int, chances: Iterable[Chance[F]]) -> None:
        self.seed = seed
        self.chances = list(chances)
        self._random = Random(seed)  # noqa: S311 - repeatable chaos, no secret

    def draw(self) -> ActiveFaults[F]:
        """What a new subject gets: the head of the queue, else the run's dice."""
        if self.queue:
            return ActiveFaults(self.queue.popleft())
        hits = [(chance, self._random.random() < chance.probability) for chance in self.chances]
        return ActiveFaults(chance.fault for chance, hit in hits if hit)

    def bind(self, subject: str, faults: ActiveFaults[F]) -> None:
        self._subjects[subject] = faults

    def known(self, subject: str) -> ActiveFaults[F] | None:
        return self._subjects.get(subject)

    def of(self, subject: str) -> ActiveFaults[F]:
        return self._subjects.setdefault(subject, ActiveFaults())
