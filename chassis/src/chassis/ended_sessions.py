"""Which sessions have ended although access tokens of theirs still run.

Identity publishes the list next to its keys; it holds only what ended within the life of a token. It is
read in the background, so that no request waits for it: docs/decisions/0008 says what that costs.
"""

import asyncio
from contextlib import suppress
from http import HTTPStatus
from typing import Any, Protocol, Self
from urllib.parse import urljoin
from uuid import UUID

from prometheus_client import Gauge
from pyreqwest.client import Client
from pyreqwest.exceptions import PyreqwestError

from chassis.clock import Clock, system_clock
from chassis.logging import get_logger

READ_EVERY = 10.0
DOCUMENT = "ended-sessions.json"

READ_AT = Gauge("ended_sessions_read_timestamp_seconds", "When the list of ended sessions was last read")
log = get_logger(__name__)


class ListUnavailable(Exception):
    """The list cannot be had now; the last one stays."""


class EndedList(Protocol):
    async def read(self) -> set[UUID]:
        """Raises ``ListUnavailable``."""
        ...


class EndedSessions:
    """The list as this process knows it, in ``ids``; open it to have it read every ``every`` seconds."""

    def __init__(self, source: EndedList, *, every: float = READ_EVERY, clock: Clock = system_clock) -> None:
        self.ids: set[UUID] = set()
        self._source = source
        self._every = every
        self._clock = clock
        self._failed = False
        self._reading: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self._reading = asyncio.create_task(self._keep_reading())
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._reading is not None
        self._reading.cancel()
        with suppress(asyncio.CancelledError):
            await self._reading

    async def read(self) -> None:
        """Replaces ``ids`` in place; keeps them when the list cannot be had."""
        try:
            ended = await self._source.read()
        except ListUnavailable as reason:
            if not self._failed:
                log.warning("auth.ended_sessions.unavailable", reason=str(reason))
            self._failed = True
            return
        if self._failed:
            log.info("auth.ended_sessions.available")
        self._failed = False
        self.ids.intersection_update(ended)
        self.ids.update(ended)
        READ_AT.set(self._clock().timestamp())

    async def _keep_reading(self) -> None:
        while True:
            try:
                await self.read()
            except Exception:  # the last list stays, whatever went wrong, and the next reading comes
                log.exception("auth.ended_sessions.failed")
            await asyncio.sleep(self._every)


class PublishedList:
    """Identity's document; asks with the last ``ETag``, so that no news costs nothing."""

    def __init__(self, jwks_url: str, client: Client) -> None:
        self._url = urljoin(jwks_url, DOCUMENT)
        self._client = client
        self._etag = ""
        self._last: set[UUID] = set()

    async def read(self) -> set[UUID]:
        try:
            request = self._client.get(self._url).header("If-None-Match", self._etag)
            response = await request.build().send()
            if response.status == HTTPStatus.NOT_MODIFIED:
                return self._last
            if response.status != HTTPStatus.OK:
                raise ListUnavailable(f"identity answered {response.status}")
            self._last = session_ids(await response.json())
        except (PyreqwestError, KeyError, TypeError, ValueError) as error:
            raise ListUnavailable(type(error).__name__) from error
        self._etag = response.get_header("etag") or ""
        return self._last


def session_ids(document: Any) -> set[UUID]:
    """Raises ``KeyError``, ``TypeError`` or ``ValueError`` when it is no such document."""
    return {UUID(str(session_id)) for session_id in document["sessions"]}
