"""The file of a keyring, which an operator changes under running processes."""

import os
import secrets
from collections.abc import Mapping
from pathlib import Path

from chassis.keys.text import format_keys, parse_keys

OWNER_ONLY = 0o600


class KeyFile:
    """``name:base64``, a key a line; the first one seals, all of them open.

    Whoever changes it puts another file in its place, so that nobody reads half of one.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._seen: tuple[int, int, int] | None = None

    def read(self) -> dict[str, bytes]:
        """Raises ``OSError`` when it cannot be read and ``ValueError`` when it is no keyring."""
        seen, text = self._state(), self.path.read_text(encoding="ascii")
        self._seen = seen
        keys = parse_keys(",".join(text.split()))
        if not keys:
            raise ValueError(f"{self.path} holds no key")
        return keys

    def changed(self) -> bool:
        """Whether it is another one than that which was read; false when it is gone."""
        try:
            return self._state() != self._seen
        except OSError:
            return False

    def write(self, keys: Mapping[str, bytes]) -> None:
        """Puts a new file in its place at once; only its owner can read it."""
        beside = self.path.with_name(f".{self.path.name}.{secrets.token_hex(4)}")
        descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(format_keys(keys))
            file.flush()
            os.fsync(file.fileno())
        beside.replace(self.path)

    def _state(self) -> tuple[int, int, int]:
        stat = self.path.stat()
        return stat.st_mtime_ns, stat.st_ino, stat.st_size
