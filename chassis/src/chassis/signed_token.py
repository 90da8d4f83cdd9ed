"""A JWT in compact form with an Ed25519 signature: the one form of access token there is.

Sources: RFC 7515 (compact serialisation), RFC 8037 (EdDSA), RFC 8725 (nothing in the token chooses
the algorithm or the key). Checked here rather than by a general library because it is most of what
an order costs: a third of the time, by libsodium, measured in docs/decisions.
"""

import base64
import binascii
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Self

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from nacl.bindings import crypto_sign_open
from nacl.exceptions import BadSignatureError

from chassis.json import loads

ALGORITHM = "EdDSA"
TOKEN_TYPE = "at+jwt"
HEADER_MEMBERS = {"alg", "typ", "kid"}
MAX_LENGTH = 4096

_SIGNATURE = re.compile(r"[A-Za-z0-9_-]{85}[AQgw]")
"""64 bytes have one spelling: a second one would be another token that passes."""


class InvalidToken(Exception):
    """The token is malformed, expired, meant for others or not signed by identity."""


@dataclass(frozen=True, slots=True)
class SignedToken:
    """A well-formed token whose signature nobody has checked yet."""

    key_id: str
    signed: str
    payload: str
    signature: bytes

    @classmethod
    def parse(cls, token: str) -> Self:
        """Raises ``InvalidToken`` unless its header is exactly what identity writes."""
        parts = token.split(".") if len(token) <= MAX_LENGTH and token.isascii() else []
        if len(parts) != 3:  # noqa: PLR2004 header, payload, signature: RFC 7515
            raise InvalidToken
        header, payload, signature = parts
        if not _SIGNATURE.fullmatch(signature):
            raise InvalidToken
        return cls(_key_id(header), f"{header}.{payload}", payload, _decoded(signature))

    def claims(self, key: Ed25519PublicKey) -> dict[str, Any]:
        """The claims that ``key`` signed; raises ``InvalidToken`` when it did not."""
        try:
            crypto_sign_open(self.signature + self.signed.encode(), key.public_bytes_raw())
        except BadSignatureError:
            raise InvalidToken from None
        return _object(self.payload)


@lru_cache(maxsize=64)
def _key_id(header: str) -> str:
    members = _object(header)
    expected = members.get("alg") == ALGORITHM and members.get("typ") == TOKEN_TYPE
    if not expected or members.keys() != HEADER_MEMBERS or not isinstance(members["kid"], str):
        raise InvalidToken
    return members["kid"]


def _object(encoded: str) -> dict[str, Any]:
    try:
        value = loads(_decoded(encoded))
    except ValueError:
        raise InvalidToken from None
    if not isinstance(value, dict):
        raise InvalidToken
    return value


def _decoded(encoded: str) -> bytes:
    try:
        return base64.b64decode(encoded + "=" * (-len(encoded) % 4), altchars=b"-_", validate=True)
    except binascii.Error:
        raise InvalidToken from None
