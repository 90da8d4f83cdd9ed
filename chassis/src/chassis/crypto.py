"""Encryption of personal data and the blind index that finds it again."""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Mapping
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from chassis.json import dumps, loads

KEY_BYTES = 32
NONCE_BYTES = 12
TAG_BYTES = 16
MAX_NAME_BYTES = 255


class CannotOpen(Exception):
    """A sealed value is damaged, was sealed in another context, or its key is not here."""


class Keyring:
    """AES-256-GCM under named keys; the first named one seals, all of them open.

    ``context`` binds a value to its place (such as ``customers.mobile``): a ciphertext that was
    moved elsewhere does not open. Layout: length of the key's name, the name, nonce, ciphertext.
    """

    def __init__(self, keys: Mapping[str, bytes]) -> None:
        if not keys:
            raise ValueError("a keyring needs a key")
        if not all(0 < len(name.encode()) <= MAX_NAME_BYTES for name in keys):
            raise ValueError(f"the name of a key has 1 to {MAX_NAME_BYTES} bytes")
        self._current = next(iter(keys))
        self._ciphers = {name: AESGCM(key) for name, key in keys.items()}

    @classmethod
    def parse(cls, text: str) -> "Keyring":
        """From ``name:base64,name:base64``; the first one seals."""
        return cls(parse_keys(text))

    def seal(self, plain: bytes, context: str) -> bytes:
        name = self._current.encode()
        nonce = secrets.token_bytes(NONCE_BYTES)
        sealed = self._ciphers[self._current].encrypt(nonce, plain, context.encode())
        return bytes([len(name)]) + name + nonce + sealed

    def open(self, sealed: bytes, context: str) -> bytes:
        """Raises ``CannotOpen``, whatever is wrong with ``sealed``."""
        end = 1 + sealed[0] if sealed else 0
        if len(sealed) < end + NONCE_BYTES + TAG_BYTES:
            raise CannotOpen("too short")
        cipher = self._ciphers.get(sealed[1:end].decode(errors="replace"))
        if cipher is None:
            raise CannotOpen("the key is not here")
        try:
            return cipher.decrypt(
                sealed[end : end + NONCE_BYTES], sealed[end + NONCE_BYTES :], context.encode()
            )
        except InvalidTag:
            raise CannotOpen("damaged, or sealed in another context") from None

    def seal_object(self, value: Mapping[str, Any], context: str) -> str:
        """A JSON object as base64 text, for an event."""
        return base64.b64encode(self.seal(dumps(value), context)).decode()

    def open_object(self, sealed: str, context: str) -> dict[str, Any]:
        """Raises ``CannotOpen``, whatever is wrong with ``sealed``."""
        try:
            decoded = base64.b64decode(sealed, validate=True)
        except ValueError:
            raise CannotOpen("not base64") from None
        opened: dict[str, Any] = loads(self.open(decoded, context))
        return opened


class BlindIndex:
    """HMAC-SHA256 of a value under a key of its own: equal values meet, nothing else is learnt."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    @classmethod
    def parse(cls, text: str) -> "BlindIndex":
        return cls(decode_key(text))

    def of(self, value: str, purpose: str) -> str:
        """64 hex digits; ``purpose`` keeps the indexes of different columns apart."""
        return hmac.new(self._key, f"{purpose}\0{value}".encode(), hashlib.sha256).hexdigest()


def parse_keys(text: str) -> dict[str, bytes]:
    """``name:base64,name:base64`` in its order; raises ``ValueError`` when a name comes twice."""
    named = [part.partition(":") for part in text.split(",") if part]
    keys = {name.strip(): decode_key(value) for name, _, value in named}
    if len(keys) != len(named):
        raise ValueError("two keys have the same name")
    return keys


def decode_key(text: str) -> bytes:
    key = base64.b64decode(text, validate=True)
    if len(key) != KEY_BYTES:
        raise ValueError(f"a key has {KEY_BYTES} bytes")
    return key


def new_key() -> str:
    return base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode()
