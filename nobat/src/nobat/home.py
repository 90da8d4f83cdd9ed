"""The folder of one running system: its data, secrets and log, and who runs it now."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from nobat.refusal import Refusal

WORKSPACE_MARK = "uv.lock"


class AlreadyRunning(Refusal):
    """Another process runs the system of this folder; ``pid`` is its process id."""

    def __init__(self, pid: int) -> None:
        super().__init__(f"Nobat already runs with process id {pid}; end it with: nobat down")
        self.pid = pid


def find_home() -> Path:
    """``NOBAT_HOME``, or ``.nobat`` in the project that the current folder belongs to."""
    if named := os.environ.get("NOBAT_HOME"):
        return Path(named).resolve()
    return project_root() / ".nobat"


def project_root() -> Path:
    """The project that the current folder belongs to; the current folder where there is none."""
    here = Path.cwd()
    roots = (folder for folder in (here, *here.parents) if (folder / WORKSPACE_MARK).exists())
    return next(roots, here)


@contextmanager
def held(home: Path) -> Iterator[None]:
    """Marks this process as the one that runs ``home``; raises ``AlreadyRunning``.

    The mark is a lock that the kernel frees with the process, so a killed one leaves nothing behind.
    """
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    with _mark(home).open("a+") as mark:
        try:
            fcntl.flock(mark, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AlreadyRunning(_written(mark.name)) from None
        mark.truncate(0)
        mark.write(str(os.getpid()))
        mark.flush()
        yield
        mark.truncate(0)


def running(home: Path) -> int | None:
    """The process id of who runs ``home`` now; a file left by a dead process says nothing."""
    if not _mark(home).exists():
        return None
    with _mark(home).open("r") as mark:
        try:
            fcntl.flock(mark, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return _written(mark.name)
    return None


def _mark(home: Path) -> Path:
    return home / "nobat.pid"


def _written(mark: str) -> int:
    return int(Path(mark).read_text() or 0)
