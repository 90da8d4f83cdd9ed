"""The folder of files, outside of the database: each sealed under a key of its own, under a random name."""

import os
import secrets
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from uuid import UUID

from chassis.crypto import Keyring

KEY_BYTES = 32
KEY_NAME = "file"
NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL


class FileGone(Exception):
    """The file of an attachment is not in the folder, or was damaged there."""


class Folder:
    """``attachments/ab/abcd...``: a file is written whole under another name before it has its own.

    The key is the caller's to keep (sealed): without it the file says nothing, and with the key the file is
    deleted. All processes of sales share the folder.
    """

    def __init__(self, root: Path) -> None:
        self._root = root

    def write(self, file_id: UUID, data: bytes) -> bytes:
        """Keeps the file; returns its key."""
        key = secrets.token_bytes(KEY_BYTES)
        path = self._path(file_id)
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = path.with_suffix(f".{secrets.token_hex(4)}")
        with os.fdopen(os.open(draft, NEW, 0o600), "wb") as file:
            file.write(_ring(key).seal(data, str(file_id)))
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
        return key

    def read(self, file_id: UUID, key: bytes) -> bytes:
        """Raises ``FileGone``; ``CannotOpen`` for what was changed in the folder."""
        try:
            sealed = self._path(file_id).read_bytes()
        except FileNotFoundError:
            raise FileGone from None
        return _ring(key).open(sealed, str(file_id))

    def remove(self, file_id: UUID) -> None:
        self._path(file_id).unlink(missing_ok=True)

    def older_than(self, moment: datetime) -> Iterator[UUID]:
        """The files that were written before."""
        for path in self._root.glob("??/*"):
            if path.stat().st_mtime < moment.timestamp() and not path.suffix:
                yield UUID(path.name)

    def _path(self, file_id: UUID) -> Path:
        """The names of UUIDs of version 4 spread evenly over 256 folders."""
        return self._root / file_id.hex[:2] / file_id.hex


def _ring(key: bytes) -> Keyring:
    return Keyring({KEY_NAME: key})
