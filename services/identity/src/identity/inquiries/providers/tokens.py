"""The access token that all calls to a provider share."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from chassis.clock import Clock
from identity.inquiries.providers.wire import Exchange, NoAnswer


@dataclass(frozen=True, slots=True)
class Token:
    value: str = field(repr=False)
    refresh: str | None = field(repr=False)
    expires_at: datetime


EARLY = timedelta(seconds=60)
"""A token is renewed so long before its end, for the call on its way."""


class AccessTokens:
    """``generate`` makes a token from the credentials, ``refresh`` one from an earlier token.

    Both raise ``NoAnswer``; a token that cannot be refreshed is generated anew.
    """

    def __init__(
        self,
        generate: Callable[[], Awaitable[Token]],
        refresh: Callable[[Token], Awaitable[Token]],
        clock: Clock,
    ) -> None:
        self._generate = generate
        self._refresh = refresh
        self._clock = clock
        self._token: Token | None = None
        self._renewing = asyncio.Lock()

    async def call(
        self, send: Callable[[str], Awaitable[Exchange]], refused: Callable[[Exchange], bool]
    ) -> Exchange:
        """``send`` with a token; once more with another when the provider ``refused`` the first."""
        token = await self._current()
        answer = await send(token.value)
        if not refused(answer):
            return answer
        answer = await send((await self._renewed(token)).value)
        if refused(answer):
            self._token = None
            raise NoAnswer("token_refused")
        return answer

    async def _current(self) -> Token:
        token = self._token
        if token is not None and token.expires_at - EARLY > self._clock():
            return token
        return await self._renewed(token)

    async def _renewed(self, after: Token | None) -> Token:
        """A token that follows ``after``; whoever else waited for one gets the same."""
        async with self._renewing:
            if self._token is None or self._token is after:
                self._token = await self._next(after)
            return self._token

    async def _next(self, after: Token | None) -> Token:
        if after is not None and after.refresh is not None:
            try:
                return await self._refresh(after)
            except NoAnswer:
                self._token = None
        return await self._generate()
