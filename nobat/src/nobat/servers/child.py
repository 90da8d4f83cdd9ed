"""Child processes that end when their parent does, under an account of the caller's choice."""

import ctypes
import os
import pwd
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None)


@dataclass(frozen=True)
class Account:
    """A system user to run as."""

    uid: int
    gid: int

    @classmethod
    def of_uid(cls, uid: int) -> Self:
        return cls(uid, pwd.getpwuid(uid).pw_gid)

    @classmethod
    def first_of(cls, *names: str) -> Self:
        """The first of the named users that exists. Raises LookupError when none does."""
        known = {entry.pw_name: entry for entry in pwd.getpwall()}
        for name in names:
            if name in known:
                return cls(known[name].pw_uid, known[name].pw_gid)
        raise LookupError(f"none of the users {', '.join(names)} exists")


def run(
    argv: Sequence[str | Path],
    *,
    env: Mapping[str, str],
    cwd: Path | None = None,
    account: Account | None = None,
    entered: str = "",
    timeout: float = 60,
) -> str:
    """Run to the end, with `entered` as its input, and return what it printed.

    Raises ChildError with its error output when it fails.
    """
    done = subprocess.run(  # noqa: S603 - callers pass full paths and no shell is involved
        [str(part) for part in argv],
        env=dict(env),
        cwd=cwd,
        input=entered,
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
        user=account.uid if account else None,
        group=account.gid if account else None,
        extra_groups=[] if account else None,
    )
    if done.returncode:
        output = done.stderr.strip() or done.stdout.strip()
        raise ChildError(f"{argv[0]} ended with {done.returncode}: {output}")
    return done.stdout


def spawn(
    argv: Sequence[str | Path],
    *,
    log: Path,
    env: Mapping[str, str],
    cwd: Path | None = None,
    account: Account | None = None,
    on_parent_death: signal.Signals = signal.SIGKILL,
) -> subprocess.Popen[bytes]:
    """Start a child whose output is appended to `log`, in a session of its own.

    On Linux the kernel sends it `on_parent_death` when the *thread* that spawned it ends, so spawn from one
    that lives as long as the child should.
    """
    with log.open("ab") as output:
        return subprocess.Popen(  # noqa: S603 - callers pass full paths and no shell is involved
            [str(part) for part in argv],
            env=dict(env),
            cwd=cwd,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            user=account.uid if account else None,
            group=account.gid if account else None,
            extra_groups=[] if account else None,
            preexec_fn=_tied_to(os.getpid(), on_parent_death),  # noqa: PLW1509 - one system call, no lock
        )


def _tied_to(parent: int, death_signal: signal.Signals) -> Callable[[], None] | None:
    if sys.platform != "linux":
        return None

    def tie() -> None:
        _libc.prctl(_PR_SET_PDEATHSIG, int(death_signal), 0, 0, 0)
        if os.getppid() != parent:
            os._exit(1)

    return tie


def tail(log: Path, lines: int = 15) -> str:
    """The last lines of a log file, for an error message."""
    return "\n".join(log.read_text(errors="replace").splitlines()[-lines:])


class ServerError(Exception):
    """A private server did not start, stop or answer as it should."""


class ChildError(ServerError):
    """A program ended with an error."""
