"""The check of access tokens as every service and the gateway have it."""

from typing import Protocol

from pyreqwest.client import Client

from chassis.auth import JwksKeys, KeySource, TokenVerifier
from chassis.clock import Clock, system_clock
from chassis.ended_sessions import EndedSessions, PublishedList


class TokenSettings(Protocol):
    @property
    def jwks_url(self) -> str: ...
    @property
    def token_issuer(self) -> str: ...
    @property
    def token_audience(self) -> str: ...
    @property
    def ended_sessions_every(self) -> float: ...


def verifier_of(
    settings: TokenSettings, client: Client, *, clock: Clock = system_clock, keys: KeySource | None = None
) -> TokenVerifier:
    """Reads what identity publishes over ``client``; with ``keys`` of their own, tests need no identity."""
    return TokenVerifier(
        keys or JwksKeys(settings.jwks_url, client, clock=clock),
        issuer=settings.token_issuer,
        audience=settings.token_audience,
        clock=clock,
        ended=None if keys else _ended(settings, client, clock),
    )


def _ended(settings: TokenSettings, client: Client, clock: Clock) -> EndedSessions:
    published = PublishedList(settings.jwks_url, client)
    return EndedSessions(published, every=settings.ended_sessions_every, clock=clock)
