"""Encryption of personal data and the blind index that finds it again."""

import base64
import hashlib
import hmac
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from chassis.json import dumps, loads
from chassis.keys.files import KeyFile
from chassis.keys.text import decode_key, new_key, parse_keys
from chassis.logging import get_logger

__all__ = ["BlindIndex", "CannotOpen", "Keyring", "decode_key", "key_name", "new_key", "parse_keys"]

FILE = "file:"
FRESH_SECONDS = 2
NONCE_BYTES = 12
TAG_BYTES = 16
MAX_NAME_BYTES = 255

log = get_logger(__name__)


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


class Keyring:
    """AES-256-GCM under named keys; the first named one seals, all of them open.

    ``context`` binds a value to its place (such as ``customers.mobile``): a ciphertext that was
    moved elsewhere does not open. Layout: length of the key's name, the name, nonce, ciphertext.

    A keyring from a ``file`` follows it: it looks again every ``FRESH_SECONDS`` and at once when it
    meets a key that it does not know.
    """

    def __init__(self, keys: Mapping[str, bytes], file: KeyFile | None = None) -> None:
        self._held = _Held.of(keys)
        self._file = file
        self._looked = time.monotonic()

    @classmethod
    def parse(cls, text: str) -> "Keyring":
        """From ``name:base64,name:base64`` (the first one seals), or ``file:`` and a path to such."""
        if not text.startswith(FILE):
            return cls(parse_keys(text))
        file = KeyFile(Path(text.removeprefix(FILE)))
        return cls(file.read(), file)

    @property
    def sealing(self) -> str:
        """The name of the key that seals."""
        return self._held.sealing

    @property
    def names(self) -> list[str]:
        """Of the keys that open, in their order."""
        return list(self._held.ciphers)

    def refresh(self) -> bool:
        """Takes the keys of a file that has changed; whether it did. A bad file changes nothing."""
        self._looked = time.monotonic()
        if self._file is None or not self._file.changed():
            return False
        try:
            self._held = _Held.of(self._file.read())
        except (OSError, ValueError) as error:
            log.error("keyring.file_unusable", file=str(self._file.path), error=type(error).__name__)
            return False
        log.info("keyring.changed", file=str(self._file.path), sealing=self.sealing, names=self.names)
        return True

    def seal(self, plain: bytes, context: str) -> bytes:
        if self._file and time.monotonic() - self._looked > FRESH_SECONDS:
            self.refresh()
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
