"""Pages that are the same for everybody who is not logged in, answered from memory.

At the opening of a plan all the world looks at two pages. Each is made once a second, by one request; who
asks meanwhile gets the one before. When no new one can be made the last is shown for a while longer.
"""

import asyncio
import gzip
import hashlib
from collections import OrderedDict
from dataclasses import dataclass

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from chassis.clock import Clock
from portal import session as sessions
from portal.cookies import PREFIX
from portal.language import LANGUAGES
from portal.visit import LANGUAGE, NOTICE, SHARED

MOST_PAGES = 500
OK, NOT_MODIFIED = 200, 304
Header = tuple[bytes, bytes]
Key = tuple[str, bytes, str]
_PERSONAL = tuple(f"{PREFIX}{name}=".encode() for name in (sessions.COOKIE, NOTICE))
_LANGUAGES = {f"{PREFIX}{LANGUAGE}={name}".encode(): name for name in LANGUAGES}
_MARK = SHARED.encode()


@dataclass(frozen=True)
class Page:
    """``made_at`` is in seconds; the messages are ready to be sent."""

    made_at: float
    mark: bytes
    plain: tuple[Message, Message]
    packed: tuple[Message, Message]
    unchanged: tuple[Message, Message]


class PageCache:
    """Stands before the application."""

    def __init__(self, app: ASGIApp, clock: Clock, *, seconds: float, stale_seconds: float) -> None:
        self._app = app
        self._clock = clock
        self._seconds = seconds
        self._stale_seconds = stale_seconds
        self._pages: OrderedDict[Key, Page] = OrderedDict()
        self._making: dict[Key, asyncio.Task[None]] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        key = _key(scope) if scope["type"] == "http" and self._seconds else None
        page = await self._page(key, scope) if key in self._pages else None
        if page is not None:
            for message in _chosen(page, scope):
                await send(message)
            return
        answer = _Answer(send)
        await self._app(scope, receive, answer.take)
        page = answer.page(self._now())
        if page is None:
            return
        if key is not None:
            self._keep(key, page)
        for message in _chosen(page, scope):
            await send(message)

    async def _page(self, key: Key | None, scope: Scope) -> Page | None:
        """What is kept; made anew first when that is too old to be shown."""
        assert key is not None
        age = self._now() - self._pages[key].made_at
        if age < self._seconds:
            return self._pages[key]
        if key not in self._making:
            task = self._making[key] = asyncio.create_task(self._make(key, scope))
            task.add_done_callback(lambda _: self._making.pop(key, None))
        if age >= self._seconds + self._stale_seconds:
            await asyncio.shield(self._making[key])
        page = self._pages[key]
        return page if self._now() - page.made_at < self._seconds + self._stale_seconds else None

    async def _make(self, key: Key, scope: Scope) -> None:
        answer = _Answer(_nowhere)
        await self._app({**scope, "state": {}}, _nothing, answer.take)
        page = answer.page(self._now())
        if page is not None:
            self._keep(key, page)

    def _keep(self, key: Key, page: Page) -> None:
        self._pages[key] = page
        self._pages.move_to_end(key)
        if len(self._pages) > MOST_PAGES:
            self._pages.popitem(last=False)

    def _now(self) -> float:
        return self._clock().timestamp()


class _Answer:
    """What the application sends: collected when it is for everybody, passed on as it comes otherwise."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._shared: list[Message] = []

    async def take(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = message["headers"]
            message = {**message, "headers": [header for header in headers if header[0] != _MARK]}
            if _is_shared(message["status"], headers):
                self._shared.append(message)
                return
        if self._shared:
            self._shared.append(message)
        else:
            await self._send(message)

    def page(self, now: float) -> Page | None:
        """None when the answer was one visitor's own, which has been sent."""
        if not self._shared:
            return None
        kept = [header for header in self._shared[0]["headers"] if header[0] != b"content-length"]
        body = b"".join(message.get("body", b"") for message in self._shared[1:])
        mark = b'"' + hashlib.sha256(body).hexdigest()[:20].encode() + b'"'
        kept.append((b"etag", mark))
        return Page(
            now,
            mark,
            _messages(OK, kept, body),
            _messages(OK, [*kept, (b"content-encoding", b"gzip")], gzip.compress(body, 6, mtime=0)),
            _messages(NOT_MODIFIED, kept, b""),
        )


def _is_shared(status: int, headers: list[Header]) -> bool:
    names = {name for name, _ in headers}
    return status == OK and _MARK in names and b"set-cookie" not in names


def _messages(status: int, headers: list[Header], body: bytes) -> tuple[Message, Message]:
    length = [] if status == NOT_MODIFIED else [(b"content-length", b"%d" % len(body))]
    start = {"type": "http.response.start", "status": status, "headers": [*headers, *length]}
    return start, {"type": "http.response.body", "body": body}


def _key(scope: Scope) -> Key | None:
    """None for a request whose answer cannot be everybody's."""
    if scope["method"] != "GET":
        return None
    spoken = LANGUAGES[0]
    for name, value in scope["headers"]:
        if name in {b"cookie", b"hx-request"}:
            if name != b"cookie" or any(mark in value for mark in _PERSONAL):
                return None
            spoken = next((_LANGUAGES[mark] for mark in _LANGUAGES if mark in value), spoken)
    return scope["path"], scope["query_string"], spoken


def _chosen(page: Page, scope: Scope) -> tuple[Message, Message]:
    packed = False
    for name, value in scope["headers"]:
        if name == b"if-none-match" and page.mark in value:
            return page.unchanged
        packed = packed or (name == b"accept-encoding" and b"gzip" in value)
    return page.packed if packed else page.plain


async def _nothing() -> Message:
    return {"type": "http.request", "body": b"", "more_body": False}


async def _nowhere(_: Message) -> None:
    return
