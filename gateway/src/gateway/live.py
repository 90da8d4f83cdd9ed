"""Live updates: every listener of this process is served by one question to sales a second, one of a kind.

A listener opens ``GET /api/v1/orders/{id}/events`` or ``/plans/{id}/events``. Sales decides whether that is
theirs to hear and answers with the event as it is now; the gateway keeps the connection and adds what
changes. No connection to a
service, no timer and no database query belongs to a listener: what stays of one is the connection, a
waiting task and the few fields below. Source of the format: WHATWG HTML, server-sent events.
"""

import asyncio
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import islice
from types import TracebackType
from typing import Any, Self
from urllib.parse import unquote
from uuid import UUID

from chassis.auth import Principal, TokenVerifier
from chassis.errors import Problem, Unavailable
from chassis.json import dumps, loads
from chassis.logging import get_logger
from gateway import proxy
from gateway.exchange import Exchange
from gateway.headers import Header
from gateway.metrics import LISTENERS
from gateway.routes import Service
from gateway.upstreams import Call, Upstreams

OK = 200
NAMED = {"orders": "order_id", "plans": "plan_id"}
"""What can be listened to, as paths call it, and how a change names it."""
PAGE = 2000
"""Orders, or plans, that sales is asked about in one question."""
TIMEOUT = timedelta(seconds=5)
HEARTBEAT = b":\n\n"
FAREWELL = b"retry: 1000\n\n"
"""Who is sent away comes back in a second, to a process that stays."""
HEADERS: tuple[Header, ...] = (
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
)
JSON = [("content-type", "application/json")]
log = get_logger(__name__)


class TooManyStreams(Problem):
    status = 429
    code = "too_many_streams"
    fa = "شما بیش از اندازه صفحه‌ی باز برای دریافت زنده‌ی تغییرات دارید."
    en = "You have too many live streams open."


@dataclass(slots=True, eq=False)
class Listener:
    """``mark`` names the state that was told last; ``slot`` is when it gets a heartbeat.

    ``waiting`` is to be written when ``writing`` is through, which is ``late`` when a heartbeat met it.
    """

    exchange: Exchange
    principal: Principal
    topic: "Topic"
    mark: str
    slot: int
    task: asyncio.Task[Any]
    writing: asyncio.Task[None] | None = None
    waiting: bytes | None = None
    late: bool = False
    dropped: bool = False


@dataclass(slots=True)
class Topic:
    """What somebody listens to; ``mark`` is the oldest state that one of them was told."""

    kind: str
    id: str
    mark: str
    listeners: list[Listener] = field(default_factory=list)


class Live:
    """Open it as a context; then ``listen`` holds a connection for as long as it is good."""

    def __init__(
        self,
        upstreams: Upstreams,
        verifier: TokenVerifier,
        *,
        poll_seconds: float,
        heartbeat_seconds: int,
        most: int,
        most_of_a_person: int,
    ) -> None:
        self._upstreams = upstreams
        self._verifier = verifier
        self._poll_seconds = poll_seconds
        self._most = most
        self._most_of_a_person = most_of_a_person
        self._topics: dict[tuple[str, str], Topic] = {}
        self._people: dict[UUID, int] = {}
        self._slots: list[set[Listener]] = [set() for _ in range(heartbeat_seconds)]
        self._slot = 0
        self._listening = 0
        LISTENERS.set_function(lambda: self._listening)

    async def __aenter__(self) -> Self:
        self._working = [asyncio.create_task(self._follow()), asyncio.create_task(self._beat())]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for task in self._working:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    async def admit(self, exchange: Exchange, call: Call, principal: Principal) -> Listener | None:
        """Begins the stream; None when sales answered otherwise, which has been passed on.

        Raises ``Unavailable`` or ``TooManyStreams``.
        """
        if self._listening >= self._most:
            raise Unavailable
        if self._people.get(principal.subject, 0) >= self._most_of_a_person:
            raise TooManyStreams
        answer = await self._upstreams.ask(call)
        if answer.response.status != OK or exchange.method == "HEAD":
            await proxy.relay(exchange, answer)
            return None
        event = bytes(await answer.response.bytes())
        mark = event.partition(b"\n")[0].removeprefix(b"id: ").decode("ascii")
        known = exchange.noted.get(b"last-event-id") == mark.encode("ascii")
        await exchange.begin(OK, list(HEADERS))
        await exchange.write(HEARTBEAT if known else event)
        kind, id_, _ = exchange.path.rsplit("/", 3)[1:]
        return self._enrol(exchange, principal, Topic(kind, str(UUID(unquote(id_))), mark))

    async def stay(self, listener: Listener) -> None:
        """Until the client goes away, or is sent away."""
        try:
            await listener.exchange.gone()
        except asyncio.CancelledError:
            if not listener.dropped:
                raise
            listener.task.uncancel()
        finally:
            self._forget(listener)

    def end(self) -> None:
        """Sends everybody away; the process is about to end."""
        for listener in [one for slot in self._slots for one in slot]:
            _send_away(listener)

    def _enrol(self, exchange: Exchange, principal: Principal, fresh: Topic) -> Listener:
        task = asyncio.current_task()
        assert task is not None
        topic = self._topics.setdefault((fresh.kind, fresh.id), fresh)
        self._slot = (self._slot + 1) % len(self._slots)
        listener = Listener(exchange, principal, topic, fresh.mark, self._slot, task)
        topic.listeners.append(listener)
        self._slots[self._slot].add(listener)
        self._people[principal.subject] = self._people.get(principal.subject, 0) + 1
        self._listening += 1
        return listener

    def _forget(self, listener: Listener) -> None:
        listener.topic.listeners.remove(listener)
        if not listener.topic.listeners:
            self._topics.pop((listener.topic.kind, listener.topic.id), None)
        self._slots[listener.slot].discard(listener)
        subject = listener.principal.subject
        self._people[subject] -= 1
        if not self._people[subject]:
            del self._people[subject]
        self._listening -= 1

    async def _follow(self) -> None:
        while True:
            await asyncio.sleep(self._poll_seconds)
            try:
                for kind, known in self._pages():
                    await self._ask(kind, known)
            except Exception as error:  # noqa: BLE001 sales may be away; the next question comes
                log.warning("gateway.live.failed", error=type(error).__name__)

    def _pages(self) -> Iterator[tuple[str, dict[str, str]]]:
        for kind in NAMED:
            topics = iter([topic for topic in self._topics.values() if topic.kind == kind])
            while page := {topic.id: topic.mark for topic in islice(topics, PAGE)}:
                yield kind, page

    async def _ask(self, kind: str, known: dict[str, str]) -> None:
        body = dumps({"known": known})
        call = Call(Service.SALES, "POST", f"/live/{kind}", JSON, body, TIMEOUT, repeatable=True)
        response = (await self._upstreams.ask(call)).response
        if response.status != OK:
            raise Unavailable
        for change in loads(bytes(await response.bytes()))["changed"]:
            topic = self._topics.get((kind, change[NAMED[kind]]))
            if topic is not None:
                topic.mark = change["mark"]
                for listener in list(topic.listeners):
                    _tell(listener, change)

    async def _beat(self) -> None:
        """Every second another part of the listeners: each is heard of once in a round.

        Who has read nothing for a whole round is dropped: it comes back for the state as it is then.
        """
        for turn in _rounds(len(self._slots)):
            await asyncio.sleep(1)
            for listener in list(self._slots[turn]):
                if self._verifier.is_over(listener.principal):
                    _send_away(listener)
                elif listener.writing is None:
                    _write(listener, HEARTBEAT)
                elif listener.late:
                    _drop(listener)
                else:
                    listener.late = True


def _rounds(slots: int) -> Iterator[int]:
    while True:
        yield from range(slots)


def _tell(listener: Listener, change: dict[str, str]) -> None:
    owner = change.get("customer_id")
    if owner is not None and owner != str(listener.principal.subject):
        _send_away(listener)
    elif listener.mark != change["mark"]:
        listener.mark = change["mark"]
        _write(listener, change["event"].encode())


def _write(listener: Listener, chunk: bytes) -> None:
    """A newer state takes the place of one that waits."""
    if listener.writing is None:
        listener.writing = asyncio.create_task(_written(listener, chunk))
    else:
        listener.waiting = chunk


async def _written(listener: Listener, chunk: bytes | None) -> None:
    while chunk is not None:
        await listener.exchange.write(chunk)
        listener.late = False
        chunk, listener.waiting = listener.waiting, None
    listener.writing = None


def _send_away(listener: Listener) -> None:
    if listener.writing is None:
        listener.writing = asyncio.create_task(_ended(listener))
    else:
        _drop(listener)


def _drop(listener: Listener) -> None:
    assert listener.writing is not None
    listener.dropped = True
    listener.writing.cancel()
    listener.task.cancel()


async def _ended(listener: Listener) -> None:
    await listener.exchange.write(FAREWELL)
    await listener.exchange.end()
