"""Encryption of personal data, with keys that can change."""

import base64
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from chassis.blind_index import BlindIndex
from chassis.json import dumps, loads
from chassis.keys.followed import FollowedKeys
from chassis.keys.text import decode_key, new_key, parse_keys

__all__ = ["BlindIndex", "CannotOpen", "Keyring", "decode_key", "key_name", "new_key", "parse_keys"]

NONCE_BYTES = 12
TAG_BYTES = 16
MAX_NAME_BYTES = 255


class CannotOpen(Exception):
    """A sealed value is damaged, was sealed in another context, or its key is not here."""


@dataclass(frozen=True)
class _Held:
    """The keys of one moment."""

    sealing: str
    ciphers: Mapping[str, AESGCM]

    @classmethod
    def of(cls, keys: Mapping[str, bytes]) -> "_Held":
        if not keys:
            raise ValueError("a keyring needs a key")
        if not all(0 < len(name.encode()) <= MAX_NAME_BYTES for name in keys):
            raise ValueError(f"the name of a key has 1 to {MAX_NAME_BYTES} bytes")
        return cls(next(iter(keys)), {name: AESGCM(key) for name, key in keys.items()})


class Keyring(FollowedKeys):
    """AES-256-GCM under named keys; the first named one seals, all of them open.

    ``context`` binds a value to its place (such as ``customers.mobile``): a ciphertext that was
    moved elsewhere does not open. Layout: length of the key's name, the name, nonce, ciphertext.

    A key that it does not know makes it look at its file at once.
    """

    _held: _Held

    def _take(self, keys: Mapping[str, bytes]) -> None:
        self._held = _Held.of(keys)

    @property
    def sealing(self) -> str:
        """The name of the key that seals."""
        return self._held.sealing

    @property
    def names(self) -> list[str]:
        """Of the keys that open, in their order."""
        return list(self._held.ciphers)

    def seal(self, plain: bytes, context: str) -> bytes:
        self.refresh_if_stale()
        held = self._held
        name = held.sealing.encode()
        nonce = secrets.token_bytes(NONCE_BYTES)
        sealed = held.ciphers[held.sealing].encrypt(nonce, plain, context.encode())
        return bytes([len(name)]) + name + nonce + sealed

    def open(self, sealed: bytes, context: str) -> bytes:
        """Raises ``CannotOpen``, whatever is wrong with ``sealed``."""
        end = 1 + sealed[0] if sealed else 0
        if len(sealed) < end + NONCE_BYTES + TAG_BYTES:
            raise CannotOpen("too short")
        cipher = self._cipher(key_name(sealed))
        if cipher is None:
            raise CannotOpen("the key is not here")
        try:
            return cipher.decrypt(
                sealed[end : end + NONCE_BYTES], sealed[end + NONCE_BYTES :], context.encode()
            )
        except InvalidTag:
            raise CannotOpen("damaged, or sealed in another context") from None

    def _cipher(self, name: str) -> AESGCM | None:
        if name not in self._held.ciphers:
            self.refresh()
        return self._held.ciphers.get(name)

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


def key_name(sealed: bytes) -> str:
    """The name of the key that ``sealed`` is under; it is there for everybody to read."""
    return sealed[1 : 1 + sealed[0]].decode(errors="replace") if sealed else ""
