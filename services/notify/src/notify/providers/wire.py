"""What the adapters share: a request, its answer or the lack of one, and what that means for a message."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from pyreqwest.exceptions import DecodeError, PyreqwestError
from pyreqwest.request import RequestBuilder

from chassis.http import never_left
from notify.providers.port import Delivery, Outcome, StatusUnavailable, Verdict

T = TypeVar("T")

ASKED_TOGETHER = 8
"""Questions under way at once where a provider takes one message id each."""

HTTP_VERDICTS: Mapping[int, Verdict] = {
    401: Verdict.OUTAGE,
    402: Verdict.OUTAGE,
    403: Verdict.OUTAGE,
    429: Verdict.POSTPONED,
    503: Verdict.OUTAGE,
}
"""Of an answer without the provider's envelope. Any other, such as a broken proxy's, leaves open whether
the message was taken."""


@dataclass(frozen=True, slots=True)
class Answer:
    """``body`` is the decoded JSON, None when there is none to decode."""

    http: int
    body: Any


class Refused(Exception):
    """The provider's answer is a refusal."""

    def __init__(self, verdict: Verdict, reason: str) -> None:
        self.outcome = Outcome(verdict, reason=reason)


class Wire:
    """The way to one provider, named in every reason."""

    def __init__(self, provider: str) -> None:
        self._provider = provider

    def refusal(
        self, code: object, verdicts: Mapping[Any, Verdict], otherwise: Verdict = Verdict.UNCONFIRMED
    ) -> Refused:
        """What the provider's ``code`` means; a code that nobody knows leaves the message's fate open."""
        return Refused(verdicts.get(code, otherwise), f"{self._provider}:{code}")

    def strange(self, answer: Answer) -> Refused:
        """An answer without the provider's envelope."""
        return self.refusal(answer.http, HTTP_VERDICTS)

    async def outcomes(
        self, request: RequestBuilder, count: int, accepted: Callable[[Answer], Sequence[str | None]]
    ) -> list[Outcome]:
        """``accepted`` reads the provider's ids of ``count`` messages, None for one it leaves out, or raises
        ``Refused``."""
        try:
            ids = accepted(await _exchange(request))
            return [self._taken(message_id) for message_id, _ in zip(ids, range(count), strict=True)]
        except Refused as refused:
            outcome = refused.outcome
        except PyreqwestError as error:
            outcome = self._unanswered(error)
        except (LookupError, TypeError, ValueError):
            outcome = Outcome(Verdict.UNCONFIRMED, reason=f"{self._provider}:unreadable")
        return [outcome] * count

    async def told(self, request: RequestBuilder, read: Callable[[Answer], T]) -> T:
        """What ``read`` finds in the answer; raises ``StatusUnavailable``."""
        try:
            return read(await _exchange(request))
        except Refused as refused:
            reason = refused.outcome.reason
        except PyreqwestError:
            reason = f"{self._provider}:no_answer"
        except (LookupError, TypeError, ValueError):
            reason = f"{self._provider}:unreadable"
        raise StatusUnavailable(reason) from None

    def _taken(self, message_id: str | None) -> Outcome:
        if message_id is None:
            return Outcome(Verdict.REFUSED, reason=f"{self._provider}:left_out")
        return Outcome(Verdict.ACCEPTED, message_id=message_id)

    def _unanswered(self, error: PyreqwestError) -> Outcome:
        if never_left(error):
            return Outcome(Verdict.OUTAGE, reason=f"{self._provider}:no_connection")
        return Outcome(Verdict.UNCONFIRMED, reason=f"{self._provider}:no_answer")


async def one_by_one(ids: Sequence[str], ask: Callable[[str], Awaitable[Delivery]]) -> Mapping[str, Delivery]:
    """The states of messages where each takes a question of its own; raises when none was answered."""
    turn = asyncio.Semaphore(ASKED_TOGETHER)

    async def asked(message_id: str) -> Delivery | StatusUnavailable:
        async with turn:
            try:
                return await ask(message_id)
            except StatusUnavailable as error:
                return error

    answers = dict(zip(ids, await asyncio.gather(*map(asked, ids)), strict=True))
    known = {key: answer for key, answer in answers.items() if isinstance(answer, Delivery)}
    failures = [answer for answer in answers.values() if isinstance(answer, StatusUnavailable)]
    if failures and not known:
        raise failures[0]
    return known


async def _exchange(request: RequestBuilder) -> Answer:
    response = await request.build().send()
    try:
        return Answer(response.status, await response.json())
    except (DecodeError, ValueError):
        return Answer(response.status, None)
