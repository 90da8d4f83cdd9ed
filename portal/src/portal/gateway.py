"""The gateway's public API, asked as any other frontend asks it."""

from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Self
from urllib.parse import quote, urlencode

from pyreqwest.client import Client
from pyreqwest.exceptions import RequestError
from pyreqwest.request import RequestBuilder
from pyreqwest.response import Response

from chassis.http import new_client
from chassis.json import dumps, loads
from portal.config import Settings

API = "/api/v1"
LONGEST_STREAM = timedelta(hours=1)
"""Files and changes come for longer than an answer; the gateway bounds their beginning."""
BAD, FAILED = 400, 500
CONTENT = "application/json"
PASSED_ON = ("content-type", "content-disposition", "content-length", "cache-control")

Json = Any
Query = Mapping[str, object]


@dataclass(frozen=True)
class Caller:
    """Whom the gateway is asked for; ``token`` is the access token of who is logged in."""

    address: str
    user_agent: str
    language: str
    traceparent: str = ""
    token: str | None = None


class Refused(Exception):
    """The API said no: ``code`` is the rule's name, ``sentence`` what a person is told.

    ``errors`` are the sentences beside fields, by the field's path (``address.city``); ``members`` are the
    other things that the problem says (``retry_after``, ``tries_left``).
    """

    def __init__(
        self,
        status: int,
        code: str,
        sentence: str,
        errors: Mapping[str, str] | None = None,
        members: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(code)
        self.status = status
        self.code = code
        self.sentence = sentence
        self.errors = dict(errors or {})
        self.members = dict(members or {})

    @classmethod
    def by(cls, status: int, problem: Json) -> Self:
        """From a problem document (RFC 9457)."""
        said = problem if isinstance(problem, dict) else {}
        errors: dict[str, str] = {}
        for error in said.get("errors", ()):
            errors.setdefault(error["field"], error["message"])
        return cls(status, said.get("code", "unknown"), said.get("detail", ""), errors, said)


class NotAnswering(Exception):
    """There is no answer, or one that says that the system cannot give any now."""


@dataclass(frozen=True)
class Streamed:
    """An answer that is passed on as it comes; ``chunks`` have to be read to the end or closed."""

    status: int
    headers: Mapping[str, str]
    chunks: AsyncIterator[bytes]


@dataclass(frozen=True)
class Gateway:
    """Asks; ``Refused`` and ``NotAnswering`` are raised by every method."""

    settings: Settings
    client: Client = field(repr=False)

    @classmethod
    def opened(cls, settings: Settings) -> Self:
        return cls(settings, new_client(timeout=settings.answer_seconds))

    async def ask(
        self,
        caller: Caller,
        method: str,
        path: str,
        body: Json = None,
        *,
        query: Query | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Json:
        """The answer's JSON, None when it has no body; ``path`` begins behind ``/api/v1``.

        ``body`` of bytes goes out as it is, under the content type that ``headers`` name.
        """
        builder = self._builder(caller, method, path, query, headers)
        if body is not None:
            builder = builder.body_bytes(body if isinstance(body, bytes) else dumps(body))
        try:
            response = await builder.build().send()
            content = bytes(await response.bytes())
        except (RequestError, TimeoutError) as error:
            raise NotAnswering from error
        return _judged(response, content)

    async def stream(
        self, caller: Caller, path: str, query: Query | None = None, body: Json = None
    ) -> Streamed:
        """A file, or changes as they happen; ``body`` is what the file is to be made of."""
        stack = AsyncExitStack()
        method = "GET" if body is None else "POST"
        builder = self._builder(caller, method, path, query).timeout(LONGEST_STREAM)
        if body is not None:
            builder = builder.body_bytes(dumps(body))
        try:
            response = await stack.enter_async_context(builder.streamed_read_buffer_limit(0).build_streamed())
            if response.status >= BAD:
                _judged(response, bytes(await response.bytes()))
        except (RequestError, TimeoutError) as error:
            await stack.aclose()
            raise NotAnswering from error
        except (Refused, NotAnswering):
            await stack.aclose()
            raise
        passed = {name: value for name in PASSED_ON if (value := response.get_header(name)) is not None}
        return Streamed(response.status, passed, _chunks(stack, response))

    def _builder(
        self,
        caller: Caller,
        method: str,
        path: str,
        query: Query | None,
        headers: Mapping[str, str] | None = None,
    ) -> RequestBuilder:
        target = self.settings.gateway_url + API + quote(path)
        asked = {name: value for name, value in (query or {}).items() if value not in (None, "")}
        if asked:
            target += "?" + urlencode(asked, doseq=True)
        told = {
            "accept-language": caller.language,
            "content-type": CONTENT,
            "x-forwarded-for": caller.address,
            "x-portal-key": self.settings.portal_key,
            "user-agent": caller.user_agent,
            "traceparent": caller.traceparent,
            "authorization": f"Bearer {caller.token}" if caller.token else "",
            **(headers or {}),
        }
        return self.client.request(method, target).headers([(n, v) for n, v in told.items() if v])


def _judged(response: Response, content: bytes) -> Json:
    try:
        answer = loads(content) if content else None
    except ValueError:
        answer = None
    if response.status >= FAILED:
        raise NotAnswering
    if response.status >= BAD:
        raise Refused.by(response.status, answer)
    return answer


async def _chunks(stack: AsyncExitStack, response: Response) -> AsyncIterator[bytes]:
    async with stack:
        while (chunk := await response.body_reader.read_chunk()) is not None:
            yield bytes(chunk)
