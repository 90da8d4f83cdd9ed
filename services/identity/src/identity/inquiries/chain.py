"""Asks one provider after the other until one gives an answer, and leaves alone those that fail."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from uuid import uuid4

from prometheus_client import Counter, Gauge

from chassis.circuit import Circuit
from chassis.clock import Clock
from chassis.logging import get_logger
from identity.inquiries.domain import Answer, Kind, Outage, Question, Result
from identity.inquiries.providers.port import InquiryProvider, Reply

REPLIES = Counter("inquiry_replies", "What providers replied.", ["provider", "kind", "result"])
OPEN = Gauge(
    "inquiry_circuit_open", "1 while a provider, or a bank at it, is left alone.", ["provider", "bank"]
)
NOBODY = "no_provider"

log = get_logger(__name__)


class Chain:
    """``order`` names the providers of each kind, the first choice first.

    ``failures`` outages in a row open a provider's circuit for ``seconds``; each bank has one of its own at
    each provider, so that a bank that is down does not cost the others their answers.
    """

    def __init__(
        self,
        providers: Iterable[InquiryProvider],
        order: Mapping[Kind, Sequence[str]],
        clock: Clock,
        *,
        failures: int = 5,
        seconds: float = 30,
    ) -> None:
        known = {provider.name: provider for provider in providers}
        self._order = {
            kind: [known[name] for name in names if name in known] for kind, names in order.items()
        }
        self._clock = clock
        self._breaker = failures, seconds, lambda: clock().timestamp()
        self._circuits: dict[tuple[str, str | None], Circuit] = {}

    async def ask(self, question: Question) -> Answer:
        """The first answer that is one; else that of the last who was asked."""
        last = Answer(Result.UNAVAILABLE, self._clock(), NOBODY)
        for provider in self._order.get(question.kind, ()):
            if not self._lets_pass(provider.name, question.bank):
                continue
            asked_at, trace_id = self._clock(), uuid4().hex
            reply = await provider.ask(question, trace_id)
            REPLIES.labels(provider.name, question.kind, reply.result).inc()
            self._note(provider.name, question.bank, reply)
            last = _answer(provider.name, reply, asked_at, trace_id)
            if last.result is not Result.UNAVAILABLE:
                break
        return last

    def _lets_pass(self, provider: str, bank: str | None) -> bool:
        circuits = [self._circuit(provider, None), *([self._circuit(provider, bank)] if bank else [])]
        if any(circuit.rests for circuit in circuits):
            return False
        return all(circuit.lets_pass() for circuit in circuits)

    def _circuit(self, provider: str, bank: str | None) -> Circuit:
        return self._circuits.setdefault((provider, bank), Circuit(*self._breaker))

    def _note(self, provider: str, bank: str | None, reply: Reply) -> None:
        """An outage of a bank is an answer of the provider; one of the question says nothing of the bank."""
        self._count(provider, None, failed=reply.outage is Outage.PROVIDER)
        if bank is not None and reply.outage in {None, Outage.BANK}:
            self._count(provider, bank, failed=reply.outage is Outage.BANK)

    def _count(self, provider: str, bank: str | None, *, failed: bool) -> None:
        circuit = self._circuit(provider, bank)
        changed = circuit.failed() if failed else circuit.succeeded()
        if changed:
            OPEN.labels(provider, bank or "").set(failed)
            state = "opened" if failed else "closed"
            log.warning(f"identity.inquiry_circuit.{state}", provider=provider, bank=bank)


def _answer(provider: str, reply: Reply, asked_at: datetime, trace_id: str) -> Answer:
    digest = hashlib.sha256(reply.raw).hexdigest() if reply.raw else None
    return Answer(reply.result, asked_at, reply.reason, provider, reply.trace_id or trace_id, digest)
