"""One request to the gateway and its answer."""

import asyncio

from starlette.types import Receive, Scope, Send

from chassis import problems, telemetry
from chassis.errors import BodyTooLarge, Problem
from gateway.headers import Header, with_defaults

DRAINED_BYTES = 32_000_000
DRAINED_SECONDS = 10
CLOSE: Header = (b"connection", b"close")


class SlowBody(Problem):
    status = 408
    code = "slow_request"
    fa = "درخواست به‌موقع کامل نشد."
    en = "The request did not arrive in time."


class Disconnected(Exception):
    """The client went away before its request was complete."""


class Exchange:
    """What the gateway knows about one request, and the only way to answer it.

    ``marks`` are headers that every answer to it carries.
    """

    __slots__ = (
        "_receive",
        "_send",
        "marks",
        "method",
        "noted",
        "path",
        "query",
        "scope",
        "status",
        "unread",
    )

    def __init__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.scope = scope
        self.method: str = scope["method"]
        self.path: str = scope["raw_path"].decode("ascii")
        self.query: bytes = scope["query_string"]
        self.noted: dict[bytes, bytes] = {}
        self.marks: list[Header] = []
        self.status = 0
        self.unread = False
        self._receive = receive
        self._send = send

    @property
    def target(self) -> str:
        return f"{self.path}?{self.query.decode('latin-1')}" if self.query else self.path

    async def body(self, limit: int, seconds: float) -> bytes | None:
        """The whole body, None when there is none.

        Raises ``BodyTooLarge`` as soon as it is known, ``SlowBody``, ``Disconnected``.
        """
        announced = self.noted.get(b"content-length")
        if announced is None and b"transfer-encoding" not in self.noted:
            return None
        self.unread = True
        if announced is not None and (not announced.isdigit() or int(announced) > limit):
            raise BodyTooLarge
        try:
            async with asyncio.timeout(seconds):
                body = await self._read(limit)
        except TimeoutError:
            raise SlowBody from None
        self.unread = False
        return body

    async def _read(self, limit: int) -> bytes:
        message = await self._receive()
        body: bytes = message.get("body", b"")
        if message.get("more_body"):
            chunks, size = [body], len(body)
            while message.get("more_body") and size <= limit:
                message = await self._receive()
                chunks.append(message.get("body", b""))
                size += len(chunks[-1])
            body = b"".join(chunks)
        if message["type"] == "http.disconnect":
            raise Disconnected
        if len(body) > limit:
            raise BodyTooLarge
        return body

    async def respond(self, status: int, headers: list[Header], body: bytes) -> None:
        """Answers at once; ``headers`` without the length."""
        if self.status_has_body(status):
            headers.append((b"content-length", b"%d" % len(body)))
        if self.unread:
            headers.append(CLOSE)
        await self.begin(status, headers)
        if self.unread:
            await self.write(body)
            await self._drain()
            body = b""
        await self._send({"type": "http.response.body", "body": body})

    def status_has_body(self, status: int) -> bool:
        return self.method != "HEAD" and status not in {204, 304}

    async def begin(self, status: int, headers: list[Header]) -> None:
        self.status = status
        headers.extend(self.marks)
        await self._send({"type": "http.response.start", "status": status, "headers": with_defaults(headers)})

    async def write(self, chunk: bytes) -> None:
        await self._send({"type": "http.response.body", "body": chunk, "more_body": True})

    async def gone(self) -> None:
        """Returns when the client has gone away or its answer is complete."""
        while (await self._receive())["type"] != "http.disconnect":
            continue

    async def end(self) -> None:
        await self._send({"type": "http.response.body", "body": b""})

    async def refuse(self, problem: Problem) -> None:
        language = self.noted.get(b"accept-language", b"").decode("latin-1")
        response = problems.answer(problem, language)
        headers = [header for header in response.raw_headers if header[0] != b"content-length"]
        await self.respond(response.status_code, headers, bytes(response.body))

    async def _drain(self) -> None:
        """Reads what the client still sends: closing on unread data would reset the connection, and
        the client could lose the answer that tells it why."""
        drained = 0
        try:
            async with asyncio.timeout(DRAINED_SECONDS):
                while drained < DRAINED_BYTES:
                    message = await self._receive()
                    drained += len(message.get("body", b""))
                    if not message.get("more_body"):
                        return
        except TimeoutError:
            return

    def trace(self) -> tuple[str, str]:
        """Begins this hop's span; returns its traceparent and the correlation id, as services get them."""
        parent = self.noted.get(b"traceparent")
        offered = self.noted.get(b"x-correlation-id")
        trace = telemetry.child_of(parent.decode("latin-1") if parent else None)
        correlation = telemetry.accepted_correlation_id(offered.decode("latin-1") if offered else None, trace)
        telemetry.traceparent.set(trace)
        telemetry.correlation_id.set(correlation)
        self.marks.append((b"x-correlation-id", correlation.encode("ascii")))
        return trace, correlation
