"""Runs programs side by side, starts again those that die, and takes all of them down together."""

import asyncio
import http.client
import os
import subprocess
import time
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

from nobat.servers import child
from nobat.servers.child import ServerError

_WATCH_SECONDS = 0.05
_READY_SECONDS = 60.0
_GRACE_SECONDS = 15.0
_STABLE_SECONDS = 5.0
_LONGEST_PAUSE = 5.0


@dataclass(frozen=True)
class Program:
    """What to run. `ready_url` answers 200 once it serves; a program without one is ready when it runs.

    `environment` is added to this process's own.
    """

    name: str
    argv: Sequence[str | Path]
    log: Path
    environment: Mapping[str, str] = field(default_factory=dict)
    ready_url: str | None = None


@dataclass
class _Run:
    """A program's current process and its history."""

    program: Program
    process: subprocess.Popen[bytes]
    started: float
    restarts: int = 0
    pause: float = 0.0
    changed: asyncio.Condition = field(default_factory=asyncio.Condition)


class Supervisor:
    """Use as an asynchronous context manager: inside, every program is running and ready."""

    def __init__(self, programs: Iterable[Program]) -> None:
        self._programs = {program.name: program for program in programs}
        self._runs: dict[str, _Run] = {}
        self._watcher: asyncio.Task[None] | None = None

    @property
    def names(self) -> list[str]:
        return list(self._programs)

    def pid(self, name: str) -> int:
        return self._runs[name].process.pid

    def restarts(self, name: str) -> int:
        """How often the program was started again."""
        return self._runs[name].restarts

    async def start(self) -> None:
        """Start every program and wait until all are ready; ServerError shows the log of one that is not.

        To be called from a thread that lives as long as the programs should.
        """
        try:
            for program in self._programs.values():
                self._runs[program.name] = _Run(program, _spawn(program), time.monotonic())
            self._watcher = asyncio.create_task(self._watch())
            await asyncio.gather(*(self.wait_until_ready(name) for name in self._programs))
        except BaseException:
            await self.stop()
            raise

    def kill(self, name: str) -> None:
        """`kill -9`; the program is started again within moments."""
        self._runs[name].process.kill()

    async def wait_until_ready(self, name: str) -> None:
        """Wait until the program's current process answers 200 at its readiness address."""
        deadline = time.monotonic() + _READY_SECONDS
        while not await self._is_ready(name):
            if time.monotonic() > deadline:
                log = self._programs[name].log
                raise ServerError(f"{name} is not ready after {_READY_SECONDS:.0f} s:\n{child.tail(log)}")
            await asyncio.sleep(_WATCH_SECONDS)

    async def wait_until_restarted(self, name: str, restarts: int) -> None:
        """Wait until the program was started again that many times and is ready."""
        run = self._runs[name]
        async with run.changed:
            await run.changed.wait_for(lambda: run.restarts >= restarts)
        await self.wait_until_ready(name)

    async def stop(self) -> None:
        """Ask all to end, and kill those that have not within the grace time."""
        if self._watcher is not None:
            self._watcher.cancel()
        processes = [run.process for run in self._runs.values()]
        for process in processes:
            process.terminate()
        await asyncio.gather(*(asyncio.to_thread(_wait_or_kill, process) for process in processes))
        if self._watcher is not None:
            with suppress(asyncio.CancelledError):
                await self._watcher

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *failure: object) -> None:
        await self.stop()

    async def _watch(self) -> None:
        while True:
            for run in self._runs.values():
                if not _is_alive(run):
                    await _restart_when_due(run)
            await asyncio.sleep(_WATCH_SECONDS)

    async def _is_ready(self, name: str) -> bool:
        url = self._programs[name].ready_url
        return _is_alive(self._runs[name]) and (url is None or await asyncio.to_thread(_answers_ok, url))


def _is_alive(run: _Run) -> bool:
    return run.process.poll() is None


async def _restart_when_due(run: _Run) -> None:
    """At once after a long life; a program that dies young waits, twice as long each time."""
    age = time.monotonic() - run.started
    if age < run.pause:
        return
    run.pause = 0.0 if age > _STABLE_SECONDS else min(2 * run.pause or 0.1, _LONGEST_PAUSE)
    run.process, run.started = _spawn(run.program), time.monotonic()
    async with run.changed:
        run.restarts += 1
        run.changed.notify_all()


def _wait_or_kill(process: subprocess.Popen[bytes]) -> None:
    try:
        process.wait(_GRACE_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _spawn(program: Program) -> subprocess.Popen[bytes]:
    return child.spawn(program.argv, log=program.log, env=os.environ | dict(program.environment))


def _answers_ok(url: str) -> bool:
    address = urlsplit(url)
    connection = http.client.HTTPConnection(address.hostname or "", address.port, timeout=2)
    try:
        connection.request("GET", address.path or "/")
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
