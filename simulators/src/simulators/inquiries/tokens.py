"""The access tokens that providers issue."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from simulators.clock import Clock


@dataclass(frozen=True)
class Pair:
    access: str
    refresh: str


@dataclass(frozen=True)
class _Issued:
    provider: str
    access: str
    expires_at: datetime


class TokenOffice:
    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._by_access: dict[str, _Issued] = {}
        self._by_refresh: dict[str, _Issued] = {}

    def issue(self, provider: str, life: timedelta) -> Pair:
        pair = Pair(secrets.token_urlsafe(24), secrets.token_urlsafe(24))
        issued = _Issued(provider, pair.access, self._clock.now() + life)
        self._by_access[pair.access] = self._by_refresh[pair.refresh] = issued
        return pair

    def refresh(self, provider: str, refresh: str, life: timedelta) -> Pair | None:
        """Another pair for a refresh token, which is used up."""
        issued = self._by_refresh.pop(refresh, None)
        if issued is None or issued.provider != provider:
            return None
        self._by_access.pop(issued.access, None)
        return self.issue(provider, life)

    def accepts(self, provider: str, access: str) -> bool:
        issued = self._by_access.get(access)
        return issued is not None and issued.provider == provider and issued.expires_at > self._clock.now()

    def expire(self, provider: str) -> None:
        """Voids the access tokens; they can still be refreshed."""
        for access in [access for access, issued in self._by_access.items() if issued.provider == provider]:
            del self._by_access[access]
