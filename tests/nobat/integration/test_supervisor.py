"""The supervisor: what it starts stays up while it runs and is gone when it is."""

import asyncio
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from nobat.servers.child import ServerError
from nobat.servers.ports import LOOPBACK, free_port
from nobat.supervisor import Program, Supervisor

DEAF = """
import signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print("deaf", flush=True)
time.sleep(60)
"""
PARENT = """
import sys, time
from pathlib import Path
from nobat.servers.child import spawn
child = spawn([sys.executable, "-c", "import time; time.sleep(60)"], log=Path(sys.argv[1]), env={})
print(child.pid, flush=True)
time.sleep(60)
"""


def web_server(folder: Path, name: str) -> Program:
    port = free_port()
    argv = [sys.executable, "-m", "http.server", str(port), "--bind", LOOPBACK, "--directory", str(folder)]
    return Program(name, argv, folder / f"{name}.log", ready_url=f"http://{LOOPBACK}:{port}/")


def first_line(log: Path) -> str:
    while not (text := log.read_text()).endswith("\n"):
        time.sleep(0.01)
    return text.splitlines()[0]


async def test_a_killed_program_is_started_again_and_becomes_ready(tmp_path: Path) -> None:
    async with Supervisor([web_server(tmp_path, "one"), web_server(tmp_path, "two")]) as supervisor:
        before = {name: supervisor.pid(name) for name in supervisor.names}
        supervisor.kill("one")
        await supervisor.wait_until_restarted("one", 1)
        assert supervisor.pid("one") != before["one"]
        assert supervisor.pid("two") == before["two"]


async def test_nothing_is_left_after_the_end_even_of_a_program_that_ignores_the_request(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("nobat.supervisor._GRACE_SECONDS", 0.5)
    deaf = Program("deaf", [sys.executable, "-c", DEAF], tmp_path / "deaf.log")
    async with Supervisor([web_server(tmp_path, "polite"), deaf]) as supervisor:
        await asyncio.to_thread(first_line, deaf.log)
        pids = [supervisor.pid(name) for name in supervisor.names]
    assert not any(psutil.pid_exists(pid) for pid in pids)


async def test_a_program_that_never_becomes_ready_is_an_error_with_its_last_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("nobat.supervisor._READY_SECONDS", 1.0)
    broken = Program(
        "broken",
        [sys.executable, "-c", "raise SystemExit('no database')"],
        tmp_path / "broken.log",
        ready_url=f"http://{LOOPBACK}:{free_port()}/",
    )
    with pytest.raises(ServerError, match="no database"):
        await Supervisor([broken]).start()


async def test_a_program_gets_its_own_environment(tmp_path: Path) -> None:
    code = "import os, time; print(os.environ['ROLE'], 'PATH' in os.environ, flush=True); time.sleep(60)"
    log = tmp_path / "role.log"
    async with Supervisor([Program("role", [sys.executable, "-c", code], log, {"ROLE": "worker"})]):
        assert await asyncio.to_thread(first_line, log) == "worker True"


def test_children_end_with_a_killed_parent(tmp_path: Path) -> None:
    argv = [sys.executable, "-c", PARENT, str(tmp_path / "log")]
    parent = subprocess.Popen(argv, stdout=subprocess.PIPE, text=True)
    assert parent.stdout
    child = psutil.Process(int(parent.stdout.readline()))
    parent.kill()
    parent.communicate()
    while child.is_running() and child.status() != psutil.STATUS_ZOMBIE:
        time.sleep(0.01)
