"""Signing keys: one signs, the next is published long before its turn, old ones stay until unused.

Sources: RFC 7517, RFC 8037 (OKP keys), RFC 9068; OWASP ASVS 5.0 9.1, 9.2.
"""

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from chassis.signed_token import ALGORITHM

TOKEN_LIFETIME = timedelta(minutes=10)
SIGNS_FOR = timedelta(days=30)
NOTICE = timedelta(minutes=10)
"""How long before its turn a key is published when the rotation is asked for."""
KEPT_AFTER = TOKEN_LIFETIME + timedelta(minutes=5)


@dataclass(frozen=True)
class SigningKey:
    """``signs_from`` is its turn; it ends with the turn of the next."""

    key_id: str
    private: Ed25519PrivateKey
    signs_from: datetime

    @property
    def public(self) -> Ed25519PublicKey:
        return self.private.public_key()

    def as_jwk(self) -> dict[str, Any]:
        x = base64.urlsafe_b64encode(self.public.public_bytes_raw()).decode().rstrip("=")
        return {"kty": "OKP", "crv": "Ed25519", "use": "sig", "alg": ALGORITHM, "kid": self.key_id, "x": x}


def signer_at(keys: Sequence[SigningKey], now: datetime) -> SigningKey | None:
    """The key whose turn it is."""
    begun = [key for key in keys if key.signs_from <= now]
    return max(begun, key=lambda key: key.signs_from, default=None)


def turns_due(turns: Sequence[datetime], now: datetime) -> list[datetime]:
    """The turns to add so that one key signs now and the next one is published."""
    due = [] if any(turn <= now for turn in turns) else [now]
    return due if any(turn > now for turn in turns) else [*due, now + SIGNS_FOR]


def outlived(turns: Sequence[datetime], now: datetime) -> list[datetime]:
    """The turns whose keys no living token needs."""
    ended_long_ago = [turn for turn in turns if turn <= now - KEPT_AFTER]
    return sorted(ended_long_ago)[:-1]
