"""Who is asking: access tokens (JWT, EdDSA) checked against identity's published keys.

Sources: RFC 7519, RFC 8725 (algorithm allow-list, explicit type), RFC 9068 (``at+jwt``).
"""

import asyncio
from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated, Any, Protocol, Self
from uuid import UUID

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pyreqwest.client import Client
from pyreqwest.exceptions import PyreqwestError

from chassis.clock import Clock, system_clock
from chassis.ended_sessions import EndedSessions
from chassis.errors import AuthenticatorRequired, SessionEnded, Unauthenticated, Unavailable
from chassis.signed_token import ALGORITHM, InvalidToken, SignedToken

CLOCK_SKEW = 60
ENROLMENT = "enrolment"
"""The one ``scope`` there is: the token of a member of the staff who has no authenticator app yet."""


@dataclass(frozen=True, slots=True)
class Principal:
    """The person behind a request; ``expires_at`` is the token's, in seconds since the epoch.

    Who is ``enrolling`` may do nothing but enrol an authenticator app. A dealer may be bound to a
    ``dealership``.
    """

    subject: UUID
    session: UUID
    roles: frozenset[str]
    expires_at: int
    enrolling: bool = False
    dealership: UUID | None = None


class KeysUnavailable(Exception):
    """The signing keys cannot be had, so no token can be judged."""


class KeySource(Protocol):
    async def find(self, key_id: str) -> Ed25519PublicKey | None: ...


class JwksKeys:
    """Keys from a JWKS document, kept; an unknown key id asks again, once in ``refetch_after`` seconds.

    After a failure it asks again at the earliest ``retry_after`` seconds later; until then a key that
    is not known raises ``KeysUnavailable`` at once.
    """

    def __init__(
        self,
        url: str,
        client: Client,
        *,
        clock: Clock = system_clock,
        refetch_after: float = 60,
        retry_after: float = 1,
    ) -> None:
        self._url = url
        self._client = client
        self._clock = clock
        self._refetch_after = refetch_after
        self._retry_after = retry_after
        self._keys: dict[str, Ed25519PublicKey] = {}
        self._next_fetch = 0.0
        self._failed = False
        self._fetching = asyncio.Lock()

    async def find(self, key_id: str) -> Ed25519PublicKey | None:
        if key_id not in self._keys:
            async with self._fetching:
                if key_id not in self._keys:
                    await self._refresh()
        return self._keys.get(key_id)

    async def _refresh(self) -> None:
        if self._clock().timestamp() < self._next_fetch:
            if self._failed:
                raise KeysUnavailable
            return
        try:
            self._keys = await self._fetch()
        except (PyreqwestError, KeyError, TypeError, ValueError) as error:
            self._failed, self._next_fetch = True, self._clock().timestamp() + self._retry_after
            raise KeysUnavailable from error
        self._failed, self._next_fetch = False, self._clock().timestamp() + self._refetch_after

    async def _fetch(self) -> dict[str, Ed25519PublicKey]:
        response = await self._client.get(self._url).build().send()
        if response.status != HTTPStatus.OK:
            raise ValueError(f"the key source answered {response.status}")
        return public_keys(await response.json())


def public_keys(document: Any) -> dict[str, Ed25519PublicKey]:
    """The Ed25519 keys of a JWKS document by their ids; others are passed over (RFC 7517, section 5).

    Raises ``KeyError`` or ``TypeError`` when it is no such document.
    """
    found = ((jwk.get("kid"), _ed25519(jwk)) for jwk in document["keys"] if isinstance(jwk, dict))
    return {key_id: key for key_id, key in found if isinstance(key_id, str) and key is not None}


def _ed25519(jwk: dict[str, Any]) -> Ed25519PublicKey | None:
    try:
        key = jwt.PyJWK(jwk, algorithm=ALGORITHM).key
    except (jwt.PyJWTError, TypeError, ValueError):
        return None
    return key if isinstance(key, Ed25519PublicKey) else None


class TokenVerifier:
    """Checks access tokens; a token that passed once is only checked for its time and its session's end.

    Opened, it keeps itself informed of the sessions that have ``ended``.
    """

    def __init__(
        self,
        keys: KeySource,
        *,
        issuer: str = "nobat",
        audience: str = "nobat-api",
        clock: Clock = system_clock,
        remembered: int = 50_000,
        ended: EndedSessions | None = None,
    ) -> None:
        self._keys = keys
        self._ended = ended.ids if ended is not None else set[UUID]()
        self._ended_sessions = ended
        self._issuer = issuer
        self._audience = audience
        self._clock = clock
        self._remembered = remembered
        self._verified: dict[str, Principal] = {}

    async def __aenter__(self) -> Self:
        if self._ended_sessions is not None:
            await self._ended_sessions.__aenter__()
        return self

    async def __aexit__(self, *reason: object) -> None:
        if self._ended_sessions is not None:
            await self._ended_sessions.__aexit__(*reason)

    async def verify(self, token: str) -> Principal:
        """Raises ``InvalidToken``, ``SessionEnded`` or, when the keys cannot be had, ``KeysUnavailable``."""
        principal = self._verified.get(token)
        if principal is None:
            principal = await self._check(token)
            self._remember(token, principal)
        elif principal.expires_at <= self._clock().timestamp():
            del self._verified[token]
            raise InvalidToken
        if self._ended and principal.session in self._ended:
            raise SessionEnded
        return principal

    def is_over(self, principal: Principal) -> bool:
        """Whether a token that was verified has expired since, or its session has ended."""
        return principal.expires_at <= self._clock().timestamp() or principal.session in self._ended

    def _remember(self, token: str, principal: Principal) -> None:
        if len(self._verified) >= self._remembered:
            self._verified.pop(next(iter(self._verified)))
        self._verified[token] = principal

    async def _check(self, token: str) -> Principal:
        signed = SignedToken.parse(token)
        key = await self._keys.find(signed.key_id)
        if key is None:
            raise InvalidToken
        return self._principal(signed.claims(key))

    def _principal(self, claims: dict[str, Any]) -> Principal:
        try:
            expected = claims["iss"] == self._issuer and claims["aud"] == self._audience
            if not (expected and _is_current(claims, self._clock().timestamp())):
                raise InvalidToken
            return Principal(
                UUID(claims["sub"]),
                UUID(claims["sid"]),
                _roles(claims["roles"]),
                claims["exp"],
                _is_enrolling(claims),
                _dealership(claims),
            )
        except (KeyError, TypeError, ValueError, AttributeError):
            raise InvalidToken from None


def _is_current(claims: dict[str, Any], now: float) -> bool:
    issued, expires, starts = claims["iat"], claims["exp"], claims.get("nbf", 0)
    if not all(type(moment) is int for moment in (issued, expires, starts)):
        raise InvalidToken
    return bool(issued - CLOCK_SKEW <= now < expires and starts <= now)


def _roles(claim: Any) -> frozenset[str]:
    if not isinstance(claim, list) or not all(isinstance(role, str) for role in claim):
        raise InvalidToken
    return frozenset(claim)


def _is_enrolling(claims: dict[str, Any]) -> bool:
    if "scope" in claims and claims["scope"] != ENROLMENT:
        raise InvalidToken
    return "scope" in claims


def _dealership(claims: dict[str, Any]) -> UUID | None:
    return UUID(claims["dealership"]) if "dealership" in claims else None


_bearer = HTTPBearer(auto_error=False, bearerFormat="JWT")


async def current_user(
    request: Request, credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]
) -> Principal:
    """The verified caller; 401 without a good token, 503 when no token can be judged."""
    return unrestricted(await enrolling_user(request, credentials))


async def enrolling_user(
    request: Request, credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]
) -> Principal:
    """As ``current_user``, for the few routes that are open to who is ``enrolling``, too."""
    if credentials is None:
        raise Unauthenticated
    verifier: TokenVerifier = request.app.state.provided[TokenVerifier]
    return await authenticate(verifier, credentials.credentials)


def bearer_token(request: Request) -> str:
    """The token of the ``Authorization`` header; raises ``Unauthenticated`` when there is none."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise Unauthenticated
    return token


def unrestricted(principal: Principal) -> Principal:
    """The principal; raises ``AuthenticatorRequired`` for one who is ``enrolling``."""
    if principal.enrolling:
        raise AuthenticatorRequired
    return principal


async def authenticate(verifier: TokenVerifier, token: str) -> Principal:
    """Whoever the token is for, those who are ``enrolling`` included."""
    try:
        return await verifier.verify(token)
    except InvalidToken:
        raise Unauthenticated from None
    except KeysUnavailable:
        raise Unavailable from None


CurrentUser = Annotated[Principal, Depends(current_user)]
EnrollingUser = Annotated[Principal, Depends(enrolling_user)]
