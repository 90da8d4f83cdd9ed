"""How long a session lasts, what it allows, and what a refresh token is.

Sources: RFC 9700 4.14 (rotation, reuse ends the family); OWASP ASVS 5.0 6.3.3, 7.3.1, 7.3.2.
"""

import base64
import hmac
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, Self
from uuid import UUID

from identity.vault import Vault

_UUID_BYTES = 16
_GENERATION_BYTES = 4
_MAC_BYTES = 32


Proof = Literal["device", "sms", "totp"]
"""What was shown besides the first factor; a recovery code stands in for ``totp``."""


@dataclass(frozen=True)
class Standing:
    """Who somebody is here, and how well they proved it.

    Roles come with an authenticator app. Until ``authenticator_due_at`` a member of the staff has them
    without; afterwards all that is left to do is to enrol one.
    """

    roles: Collection[str]
    authenticator_due_at: datetime | None
    proof: Proof
    dealership_id: UUID | None = None

    def due_by(self, now: datetime) -> datetime | None:
        """When the roles will be gone unless an authenticator app is enrolled."""
        is_late = self.authenticator_due_at is None or self.authenticator_due_at <= now
        return None if not self.roles or self.proof == "totp" or is_late else self.authenticator_due_at

    def roles_at(self, now: datetime) -> Collection[str]:
        return self.roles if self.proof == "totp" or self.due_by(now) else ()

    def dealership_at(self, now: datetime) -> UUID | None:
        """The dealership whose desk it is, as long as the role lasts."""
        return self.dealership_id if "dealer" in self.roles_at(now) else None

    def must_enrol(self, now: datetime) -> bool:
        return bool(self.roles) and not self.roles_at(now)


@dataclass(frozen=True)
class Lifetimes:
    """A session ends ``idle`` after its last refresh and in any case ``absolute`` after its start."""

    idle: timedelta
    absolute: timedelta


BUYER = Lifetimes(idle=timedelta(days=14), absolute=timedelta(days=90))
STAFF = Lifetimes(idle=timedelta(hours=2), absolute=timedelta(hours=12))


def lifetimes_of(roles: Collection[str]) -> Lifetimes:
    return STAFF if roles else BUYER


@dataclass(frozen=True)
class RefreshToken:
    """The right to continue a session once, from its ``generation``.

    The text is the base64url of session id, generation and a MAC over both, so that nothing of a token
    is stored, a forged one touches no session, and an earlier generation proves that a token was
    presented twice.
    """

    session_id: UUID
    generation: int

    def text(self, vault: Vault) -> str:
        raw = self._signed() + bytes.fromhex(self._mac(vault))
        return base64.urlsafe_b64encode(raw).decode().rstrip("=")

    @classmethod
    def parse(cls, text: str, vault: Vault) -> Self | None:
        """None when the text is not one that ``text`` made."""
        try:
            raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        except ValueError:
            return None
        if len(raw) != _UUID_BYTES + _GENERATION_BYTES + _MAC_BYTES:
            return None
        generation = int.from_bytes(raw[_UUID_BYTES:-_MAC_BYTES], "big")
        token = cls(UUID(bytes=raw[:_UUID_BYTES]), generation)
        return token if hmac.compare_digest(raw[-_MAC_BYTES:].hex(), token._mac(vault)) else None

    def _signed(self) -> bytes:
        return self.session_id.bytes + self.generation.to_bytes(_GENERATION_BYTES, "big")

    def _mac(self, vault: Vault) -> str:
        return vault.mac(self._signed().hex(), "refresh_token")
