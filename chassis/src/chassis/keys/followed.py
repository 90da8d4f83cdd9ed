"""Named keys that a process follows while an operator changes them."""

import time
from collections.abc import Mapping
from pathlib import Path
from typing import Self

from chassis.keys.files import KeyFile
from chassis.keys.text import parse_keys
from chassis.logging import get_logger

FILE = "file:"
FRESH_SECONDS = 2

log = get_logger(__name__)


class FollowedKeys:
    """The first key is the one in use, all of them are good for what is there already.

    Keys from a ``file`` follow it: they are looked at again every ``FRESH_SECONDS``, when they are used.
    """

    def __init__(self, keys: Mapping[str, bytes], file: KeyFile | None = None) -> None:
        self._take(keys)
        self._file = file
        self._looked = time.monotonic()

    @classmethod
    def parse(cls, text: str) -> Self:
        """From ``name:base64,name:base64`` (the first one is in use), or ``file:`` and a path to such."""
        if not text.startswith(FILE):
            return cls(parse_keys(text))
        file = KeyFile(Path(text.removeprefix(FILE)))
        return cls(file.read(), file)

    def _take(self, keys: Mapping[str, bytes]) -> None:
        """Uses these from now on; raises ``ValueError`` when they will not do."""
        raise NotImplementedError

    @property
    def sealing(self) -> str:
        """The name of the key in use."""
        raise NotImplementedError

    @property
    def names(self) -> list[str]:
        """Of all keys, in their order."""
        raise NotImplementedError

    def refresh(self) -> bool:
        """Takes the keys of a file that has changed; whether it did. A bad file changes nothing."""
        self._looked = time.monotonic()
        if self._file is None or not self._file.changed():
            return False
        try:
            self._take(self._file.read())
        except (OSError, ValueError) as error:
            log.error("keyring.file_unusable", file=str(self._file.path), error=type(error).__name__)
            return False
        log.info("keyring.changed", file=str(self._file.path), sealing=self.sealing, names=self.names)
        return True

    def refresh_if_stale(self) -> None:
        if self._file and time.monotonic() - self._looked > FRESH_SECONDS:
            self.refresh()
