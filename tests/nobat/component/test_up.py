"""``nobat up`` and ``nobat down`` as a person uses them."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import psutil
import pytest

from chassis.testing.eventually import eventually
from nobat.home import running
from nobat.servers import child
from nobat.servers.ports import LOOPBACK, free_port, is_free
from nobat.servers.runtime import throwaway_folder
from nobat.testing.system import READY

pytestmark = pytest.mark.timeout(900)


class Machine:
    """One folder on one machine, and the commands given there."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self.environment = {**os.environ, "NOBAT_HOME": str(folder), "DATABASE_URL": "", "AMQP_URL": ""}

    def nobat(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        argv = [sys.executable, "-m", "nobat", *arguments]
        return subprocess.run(argv, env=self.environment, capture_output=True, text=True, check=False)

    async def up(self) -> subprocess.Popen[bytes]:
        """The system, running."""
        ports = ["--port", str(self.port), "--simulators-port", str(free_port())]
        said = self.folder / "said.txt"
        said.unlink(missing_ok=True)
        argv = [sys.executable, "-m", "nobat", "up", *ports]
        process = child.spawn(argv, log=said, env=self.environment)

        async def look() -> bool:
            assert process.poll() is None, said.read_text()
            return READY in said.read_text()

        await eventually(look, within=200)
        return process

    def plans(self) -> list[str]:
        answer = httpx.get(f"http://{LOOPBACK}:{self.port}/api/v1/plans", trust_env=False)
        return [plan["plan_id"] for plan in answer.raise_for_status().json()["items"]]


@pytest.fixture
def machine() -> Iterator[Machine]:
    with throwaway_folder() as folder:
        machine = Machine(folder)
        yield machine
        machine.nobat("down")


async def test_one_system_runs_in_a_folder_until_it_is_told_to_end(machine: Machine) -> None:
    process = await machine.up()
    assert len(machine.plans()) == 5
    assert running(machine.folder) == process.pid

    second = machine.nobat("up")
    assert second.returncode == 1
    assert f"already runs with process id {process.pid}" in second.stderr

    ended = machine.nobat("down")
    assert ended.stdout == "Nobat has ended.\n"
    assert process.wait(60) == 0
    assert is_free(machine.port)
    assert machine.nobat("down").stdout == "Nobat is not running here.\n"


@pytest.mark.chaos
async def test_a_killed_system_leaves_nothing_behind_and_goes_on_where_it_was(machine: Machine) -> None:
    process = await machine.up()
    plans = machine.plans()
    family = psutil.Process(process.pid).children(recursive=True)
    assert family

    process.send_signal(signal.SIGKILL)
    process.wait()
    _, alive = psutil.wait_procs(family, timeout=30)
    assert alive == []

    again = await machine.up()
    assert machine.plans() == plans
    again.terminate()
    assert again.wait(60) == 0


def test_a_port_that_was_asked_for_must_be_free(machine: Machine) -> None:
    with socket.create_server((LOOPBACK, machine.port)):
        refused = machine.nobat("up", "--port", str(machine.port))
    assert refused.returncode == 1
    assert f"port {machine.port} is in use" in refused.stderr
