"""What browsers keep for us: values that nobody can read or change on the way.

Every name has the prefix ``__Host-``: a browser then takes the cookie over a trustworthy connection only and
gives it to this host alone (RFC 6265bis, section 4.1.3.2).
"""

import base64
import zlib
from collections.abc import Mapping
from typing import Any

from chassis.clock import Clock
from chassis.crypto import CannotOpen, Keyring
from chassis.json import dumps, loads

PREFIX = "__Host-"
ATTRIBUTES = "Path=/; Secure; HttpOnly; SameSite=Lax"
CHUNK = 3_600
MAX_CHUNKS = 5
"""A browser keeps at least 4,096 bytes of a cookie with its name and attributes (RFC 6265, section 6.1)."""

Value = dict[str, Any]


class TooLarge(Exception):
    """A value does not fit into cookies."""


class Cookies:
    """``changes`` are the ``Set-Cookie`` lines that the answer has to carry."""

    def __init__(self, received: Mapping[str, str], keyring: Keyring, clock: Clock) -> None:
        self._received = dict(received)
        self._keyring = keyring
        self._clock = clock
        self._set: dict[str, str] = {}

    @property
    def changes(self) -> list[str]:
        return list(self._set.values())

    def plain(self, name: str) -> str | None:
        """A value that was never sealed."""
        return self._received.get(PREFIX + name)

    def read(self, name: str) -> Value | None:
        """A sealed value; None when there is none, or it is damaged or too old."""
        whole = "".join(self._received.get(part, "") for part in _parts(name))
        if not whole:
            return None
        try:
            sealed = base64.urlsafe_b64decode(whole + "=" * (-len(whole) % 4))
            kept = loads(zlib.decompress(self._keyring.open(sealed, _context(name))))
        except (CannotOpen, ValueError, zlib.error):
            return None
        value: Value = kept["value"]
        return value if kept["until"] > self._clock().timestamp() else None

    def keep_plain(self, name: str, value: str, seconds: int | None = None) -> None:
        """``seconds`` of None: until the browser is closed."""
        self._received[PREFIX + name] = value
        age = "" if seconds is None else f"; Max-Age={seconds}"
        self._set[PREFIX + name] = f"{PREFIX}{name}={value}; {ATTRIBUTES}{age}"

    def keep(self, name: str, value: Value, seconds: int) -> None:
        """Seals ``value`` for so long; raises ``TooLarge``."""
        until = int(self._clock().timestamp()) + seconds
        packed = zlib.compress(dumps({"until": until, "value": value}))
        sealed = self._keyring.seal(packed, _context(name))
        whole = base64.urlsafe_b64encode(sealed).decode().rstrip("=")
        if len(whole) > CHUNK * MAX_CHUNKS:
            raise TooLarge(name)
        for place, part in enumerate(_parts(name)):
            chunk = whole[place * CHUNK : (place + 1) * CHUNK]
            if chunk:
                self.keep_plain(part.removeprefix(PREFIX), chunk, seconds)
            else:
                self._drop(part)

    def drop(self, name: str) -> None:
        for part in _parts(name):
            self._drop(part)

    def _drop(self, part: str) -> None:
        if self._received.pop(part, None) is not None:
            self._set[part] = f"{part}=; {ATTRIBUTES}; Max-Age=0"


def _parts(name: str) -> list[str]:
    return [PREFIX + name, *(f"{PREFIX}{name}-{number}" for number in range(1, MAX_CHUNKS))]


def _context(name: str) -> str:
    return f"portal.cookies.{name}"
