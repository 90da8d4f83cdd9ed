"""The processes of a service: whose turn it is, and which are left alone because they fail."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from chassis.circuit import Circuit
from chassis.logging import get_logger
from gateway.metrics import UPSTREAM_FAILURES, UPSTREAM_OPEN
from gateway.routes import Service

log = get_logger(__name__)


class Failure(StrEnum):
    """Why there was no answer. A REFUSED or UNREACHABLE request has certainly not reached the process."""

    REFUSED = "refused"
    UNREACHABLE = "unreachable"
    TIMED_OUT = "timed_out"
    LOST = "lost"


@dataclass(slots=True, eq=False)
class Process:
    """One process of a service."""

    base: str
    circuit: Circuit
    last_failure: Failure | None = None


class Pool:
    """Hands out a service's processes in turn, with a circuit breaker for each.

    ``breaker_failures`` failures in a row open a circuit for ``breaker_seconds``; then one request at
    a time tries the process, and the first answer closes the circuit. A process that was only not there
    is asked all the same when no other answers: being refused costs nothing, and it may be back.
    """

    def __init__(
        self,
        service: Service,
        bases: Sequence[str],
        *,
        breaker_failures: int = 5,
        breaker_seconds: float = 2,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.service = service
        self.in_flight = 0
        self._breaker = breaker_failures, breaker_seconds, clock
        self._processes = [self._process(base) for base in bases]
        self._turn = 0

    def _process(self, base: str) -> Process:
        return Process(base, Circuit(*self._breaker))

    def replace(self, bases: Sequence[str]) -> None:
        """Hands out these from now on; those that stay keep their circuits."""
        known = {process.base: process for process in self._processes}
        if known.keys() != set(bases):
            self._processes = [known.get(base) or self._process(base) for base in bases]
            log.info("gateway.pool.changed", upstream=self.service, processes=len(bases))

    @property
    def bases(self) -> list[str]:
        return [process.base for process in self._processes]

    def candidates(self) -> Iterator[Process]:
        """Each process that may be asked, once, beginning with the one whose turn it is."""
        processes = self._processes
        self._turn = first = (self._turn + 1) % len(processes) if processes else 0
        left_alone = []
        for place in range(first, first + len(processes)):
            process = processes[place % len(processes)]
            if process.circuit.lets_pass():
                yield process
            else:
                left_alone.append(process)
        yield from (process for process in left_alone if process.last_failure is Failure.REFUSED)

    def succeeded(self, process: Process) -> None:
        if process.circuit.succeeded():
            UPSTREAM_OPEN.labels(self.service, process.base).set(0)
            log.info("gateway.circuit.closed", upstream=self.service, process=process.base)

    def failed(self, process: Process, kind: Failure) -> None:
        UPSTREAM_FAILURES.labels(self.service, process.base, kind).inc()
        process.last_failure = kind
        if process.circuit.failed():
            UPSTREAM_OPEN.labels(self.service, process.base).set(1)
            log.warning("gateway.circuit.opened", upstream=self.service, process=process.base, kind=kind)

    @property
    def is_down(self) -> bool:
        """Whether no process is left whose circuit is closed."""
        return all(process.circuit.is_open for process in self._processes)
