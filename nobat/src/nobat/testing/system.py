"""A running system to test against: one that exists, or an embedded one of its own."""

import os
import secrets
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from nobat.servers import child
from nobat.servers.ports import LOOPBACK, free_port
from nobat.servers.runtime import throwaway_folder

READY_SECONDS = 240.0
END_SECONDS = 40.0
READY = "Nobat (نوبت) is running."


@dataclass(frozen=True)
class System:
    """Where it is, and the password of its staff; ``home`` where it is known."""

    base_url: str
    simulators_url: str
    staff_password: str
    home: Path | None = None


def existing_system() -> System | None:
    """The one that ``NOBAT_BASE_URL``, ``NOBAT_SIMULATORS_URL`` and ``DEMO_PASSWORD`` name."""
    base_url = os.environ.get("NOBAT_BASE_URL")
    if not base_url:
        return None
    return System(
        base_url.rstrip("/"), os.environ["NOBAT_SIMULATORS_URL"].rstrip("/"), os.environ["DEMO_PASSWORD"]
    )


@contextmanager
def embedded_system(settings: Mapping[str, str] | None = None) -> Iterator[System]:
    """A fresh system in a process of its own, removed at the end; ``settings`` join its environment."""
    given = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "AMQP_URL"}}
    with throwaway_folder() as folder:
        system = System(
            f"http://{LOOPBACK}:{free_port()}",
            f"http://{LOOPBACK}:{free_port()}",
            secrets.token_urlsafe(12),
            folder,
        )
        log = folder / "up.log"
        told = {"NOBAT_HOME": str(folder), "DEMO_PASSWORD": system.staff_password, **(settings or {})}
        ports = ["--port", _port(system.base_url), "--simulators-port", _port(system.simulators_url)]
        process = child.spawn([sys.executable, "-m", "nobat", "up", *ports], log=log, env=given | told)
        try:
            _wait_until_ready(process.poll, log)
            yield system
        finally:
            process.terminate()
            process.wait(END_SECONDS)


def _port(url: str) -> str:
    return url.rsplit(":", 1)[1]


def _wait_until_ready(ended: Callable[[], int | None], log: Path) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while READY not in log.read_text():
        if ended() is not None or time.monotonic() > deadline:
            raise child.ServerError(f"the system did not start:\n{child.tail(log, 40)}")
        time.sleep(0.1)
