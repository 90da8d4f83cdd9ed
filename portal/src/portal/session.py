"""Who is logged in, as the browser keeps it: the tokens themselves, sealed.

Nothing is kept here but what a refresh gave, for a minute: identity takes a refresh token once, while a
browser may ask for two pages at the same time, or give up waiting for the answer that holds the new one.
"""

import base64
import binascii
import hashlib
from asyncio import Task, create_task
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, Self

from chassis.clock import Clock
from chassis.json import loads

COOKIE = "session"
KEPT_SECONDS = 14 * 24 * 3600
"""As long as identity lets a buyer's session rest."""
EARLY_SECONDS = 10
REMEMBERED_SECONDS = 60

Json = dict[str, Any]


@dataclass(frozen=True)
class Session:
    """``expires_at`` is the access token's, in seconds since the epoch; ``name`` is for the page's head.

    ``enrolling`` are members of the staff who have to set up an authenticator app before anything else.
    """

    access_token: str
    refresh_token: str
    expires_at: float
    customer_id: str
    roles: tuple[str, ...] = ()
    name: str = ""
    enrolling: bool = False

    @classmethod
    def of(cls, tokens: Mapping[str, Any], now: float, name: str = "") -> Self:
        """The session that an answer of the API starts or continues."""
        claims = _claims(tokens["access_token"])
        return cls(
            tokens["access_token"],
            tokens["refresh_token"],
            now + tokens["expires_in"],
            str(claims.get("sub", "")),
            tuple(claims.get("roles", ())),
            name,
            "scope" in claims,
        )

    @classmethod
    def kept(cls, value: Json) -> Self:
        return cls(**{**value, "roles": tuple(value["roles"])})

    def named(self, name: str) -> Self:
        return replace(self, name=name)

    @property
    def value(self) -> Json:
        return asdict(self)

    @property
    def is_staff(self) -> bool:
        return bool(self.roles)


def _claims(token: str) -> Json:
    """What the token says; the gateway checks it at every use, this is for what a page offers."""
    try:
        part = token.split(".")[1]
        claims: Json = loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    except (IndexError, ValueError, binascii.Error):
        return {}
    return claims


Ask = Callable[[str], Awaitable[Json]]
"""Gives the refresh token to the API and returns its tokens."""


class Refreshing:
    """One refresh for all who come with the same refresh token within a minute."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._tasks: dict[bytes, tuple[float, Task[Json]]] = {}

    async def tokens_for(self, refresh_token: str, ask: Ask) -> Json:
        """Raises what ``ask`` raises."""
        now = self._clock().timestamp()
        self._forget(now)
        key = hashlib.sha256(refresh_token.encode()).digest()
        if key not in self._tasks:
            self._tasks[key] = (now + REMEMBERED_SECONDS, create_task(_asked(ask, refresh_token)))
        return await self._tasks[key][1]

    def _forget(self, now: float) -> None:
        for key in [key for key, (until, _) in self._tasks.items() if until < now]:
            del self._tasks[key]


async def _asked(ask: Ask, refresh_token: str) -> Json:
    return await ask(refresh_token)
