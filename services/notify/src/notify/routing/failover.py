"""Who gets the next message of a route: the first provider of its order that is well.

A provider that fails again and again is left alone; no message tries it out. What does is a question that
costs nothing, for the credit; who answers it is on parole, and left alone again at the first failure.
"""

import time
from collections.abc import Callable, Collection, Mapping, Sequence

from prometheus_client import Counter, Gauge
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.circuit import Circuit
from chassis.clock import Clock
from chassis.jobs import Job
from chassis.logging import get_logger
from notify.providers.port import UNWELL, Outcome, SmsProvider, StatusUnavailable, Verdict
from notify.routing import queries
from notify.routing.domain import Route

OPEN = Gauge("sms_circuit_open", "1 while a provider is left alone by this process.", ["provider"])
PASSED_ON = Counter("sms_failovers", "Messages that went to another provider than the first.", ["route"])
ORDERS_KNOWN_FOR = 1.0

log = get_logger(__name__)


class Failover:
    """Of one process. ``failures`` in a row open a provider's circuit, which is tried after ``seconds``."""

    def __init__(
        self,
        providers: Mapping[str, SmsProvider],
        clock: Clock,
        *,
        failures: int = 3,
        seconds: float = 5,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._providers = providers
        self._monotonic = monotonic
        self._circuits = {name: Circuit(failures, seconds, lambda: clock().timestamp()) for name in providers}
        self._orders: Mapping[Route, Sequence[str]] = {}
        self._known_until = 0.0

    async def refresh(self, session: AsyncSession) -> None:
        """Orders as they were a moment ago: staff change them without a restart."""
        if self._orders and self._monotonic() < self._known_until:
            return
        self._orders = await queries.orders(session)
        self._known_until = self._monotonic() + ORDERS_KNOWN_FOR

    def named(self, name: str | None) -> SmsProvider | None:
        return self._providers.get(name or "")

    def serves(self, route: Route) -> bool:
        """Whether anybody is in the order at all, well or not."""
        return any(name in self._providers for name in self._orders.get(route, ()))

    def pick(self, route: Route, without: Collection[str] = ()) -> SmsProvider | None:
        """None when nobody is left or well. ``refresh`` comes first."""
        order = [name for name in self._orders.get(route, ()) if name in self._providers]
        for name in order:
            if name not in without and not self._circuits[name].is_open:
                if name != order[0]:
                    PASSED_ON.labels(route).inc()
                return self._providers[name]
        return None

    def note(self, provider: SmsProvider, outcome: Outcome) -> None:
        """What an attempt says of the provider's health."""
        circuit = self._circuits[provider.name]
        if outcome.verdict in UNWELL:
            if circuit.failed():
                self._tell(provider.name, open_=True, reason=outcome.reason)
        elif outcome.verdict is Verdict.ACCEPTED and circuit.succeeded():
            self._tell(provider.name, open_=False)

    def job(self) -> Job:
        return Job("notify.sms_circuits", 1, self.try_again, exclusive=False)

    async def try_again(self) -> None:
        """Asks those that are left alone whether they are well, each once in its period."""
        for name, circuit in self._circuits.items():
            if circuit.is_open and circuit.lets_pass():
                await self._try(self._providers[name], circuit)

    async def _try(self, provider: SmsProvider, circuit: Circuit) -> None:
        try:
            well = await provider.credit() > 0
        except StatusUnavailable:
            well = False
        if not well:
            circuit.failed()
            return
        circuit.failures = circuit.limit - 1
        self._tell(provider.name, open_=False)

    def _tell(self, provider: str, *, open_: bool, reason: str | None = None) -> None:
        OPEN.labels(provider).set(open_)
        log.warning(f"notify.sms_circuit.{'opened' if open_ else 'closed'}", provider=provider, reason=reason)
