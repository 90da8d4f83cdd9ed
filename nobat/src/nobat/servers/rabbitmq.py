"""A private RabbitMQ node on the loopback address, from the programs of the system's package."""

import os
import secrets
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Self
from urllib.parse import quote

from nobat.servers import child, runtime
from nobat.servers.child import ServerError
from nobat.servers.ports import LOOPBACK, free_port

_PROGRAM_FOLDERS = (Path("/usr/lib/rabbitmq/bin"), Path("/opt/rabbitmq/sbin"))
_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
_USER = "nobat"
_NODE = "nobat@localhost"  # the port mapper is private, so the name is unique
_START_SECONDS = 60.0
_STOP_SECONDS = 30.0
_LOOPBACK_ONLY = "-kernel inet_dist_use_interface {127,0,0,1}"
_CONFIGURATION = """\
listeners.tcp.default = {address}:{port}
heartbeat = 10
vm_memory_high_watermark.absolute = 256MiB
disk_free_limit.absolute = 50MB
log.console = false
{users}
"""


class RabbitMQ:
    """A node whose port and log live in `folder`; its data too, except for root (see runtime).

    With `definitions`, a JSON file in the broker's own export format, users and queues come from that file;
    without, there is one user with every permission and a generated password.
    """

    def __init__(self, folder: Path, definitions: Path | None = None) -> None:
        self.folder = folder.resolve()
        self.folder.mkdir(parents=True, exist_ok=True)
        self._home = runtime.home_of(self.folder)
        self._home.mkdir(parents=True, exist_ok=True)
        self._definitions = definitions
        self._programs = _find_programs()
        self._node: subprocess.Popen[bytes] | None = None
        self._port_mapper: subprocess.Popen[bytes] | None = None
        self._mapper_port = self._distribution_port = self.port = 0

    @property
    def pid(self) -> int:
        return self._running().pid

    @property
    def port_mapper_pid(self) -> int:
        """Process id of epmd, Erlang's name server, which belongs to this node alone."""
        if self._port_mapper is None:
            raise ServerError(f"RabbitMQ in {self.folder} was not started")
        return self._port_mapper.pid

    @property
    def log(self) -> Path:
        return self.folder / "rabbitmq.log"

    def url(self, vhost: str = "/", user: str = _USER, password: str | None = None) -> str:
        """The node's AMQP address. The password of a user from the definitions must be given."""
        secret = password or (self.folder / "password").read_text()
        path = "" if vhost == "/" else quote(vhost, safe="")
        return f"amqp://{quote(user)}:{quote(secret, safe='')}@{LOOPBACK}:{self.port}/{path}"

    def start(self) -> None:
        """Start the node and its port mapper, and wait until connections are taken."""
        self._mapper_port, self._distribution_port = free_port(), free_port()
        remembered = self.folder / "port"
        self.port = free_port(int(remembered.read_text()) if remembered.exists() else None)
        remembered.write_text(str(self.port))
        self._prepare()
        mapper = [_program("epmd"), "-port", str(self._mapper_port), "-address", LOOPBACK]
        self._port_mapper = self._spawn(mapper)
        self._node = self._spawn([self._programs / "rabbitmq-server"])
        self._wait_until_it_listens()

    def stop(self) -> None:
        """End the node tidily, frozen or not."""
        node = self._running()
        self.thaw()
        node.terminate()
        try:
            node.wait(_STOP_SECONDS)
        finally:
            self.kill()

    def kill(self) -> None:
        """`kill -9` of the node; also ends its port mapper."""
        for process in (self._node, self._port_mapper):
            if process is not None:
                process.kill()
                process.wait(_STOP_SECONDS)
        self._node = self._port_mapper = None

    def freeze(self) -> None:
        """Stop the node's clock: connections stay open, nothing is answered. Returns once it stands still."""
        node = self._running()
        node.send_signal(signal.SIGSTOP)
        os.waitid(os.P_PID, node.pid, os.WSTOPPED | os.WEXITED | os.WNOWAIT)

    def thaw(self) -> None:
        self._running().send_signal(signal.SIGCONT)

    def revive(self) -> None:
        """Bring the node back, whichever way it was taken away; nothing when it is there."""
        if self._node is None:
            self.start()
        self.thaw()
        if not self._listens():
            self.start_app()

    def stop_app(self) -> None:
        """Close all connections and the listener, but keep the Erlang node."""
        self.ctl("stop_app")

    def start_app(self) -> None:
        self.ctl("start_app")

    def ctl(self, *arguments: str) -> str:
        """Run rabbitmqctl and return what it printed. Takes a second or two; `evaluate` is faster."""
        return self._run([self._programs / "rabbitmqctl", "-n", _NODE, "--silent", *arguments])

    def evaluate(self, expression: str) -> str:
        """Evaluate an Erlang expression on the node within milliseconds, or raise ServerError."""
        argv = [_program("erl_call"), "-address", f"{LOOPBACK}:{self._distribution_port}", "-e"]
        answer = self._run(argv, entered=f"{expression}.\n")
        if not answer.startswith("{ok,"):
            raise ServerError(f"RabbitMQ refused {expression}: {answer}")
        return answer.removeprefix("{ok,").removesuffix("}").strip()

    def add_vhost(self, name: str, user: str = _USER) -> None:
        """Create a virtual host in which the user may do everything."""
        everything = '<<".*">>, <<".*">>, <<".*">>'
        self.evaluate(
            f'ok = rabbit_vhost:add(<<"{name}">>, <<"{_USER}">>), ok = rabbit_auth_backend_internal:'
            f'set_permissions(<<"{user}">>, <<"{name}">>, {everything}, <<"{_USER}">>)'
        )

    def delete_vhost(self, name: str) -> None:
        """Delete a virtual host with all that is in it, ending the connections to it."""
        self.evaluate(f'rabbit_vhost:delete(<<"{name}">>, <<"{_USER}">>)')

    def sync_queues(self) -> None:
        """Write down now which quorum queues exist, as the node does by itself within seconds.

        A queue declared just before a kill is otherwise beyond recovery: it refuses everything.
        """
        self.evaluate("[ok = dets:sync(Table) || Table <- dets:all()]")

    def remove(self) -> None:
        """Delete the data and the folder of a stopped node."""
        for folder in {self._home, self.folder}:
            shutil.rmtree(folder)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *failure: object) -> None:
        if self._node is not None:
            self.stop()

    def _running(self) -> subprocess.Popen[bytes]:
        if self._node is None:
            raise ServerError(f"RabbitMQ in {self.folder} was not started")
        return self._node

    @property
    def _data(self) -> Path:
        return self._home / "node"

    def _prepare(self) -> None:
        """Write what the node reads at its start; all of it belongs to the account it runs as."""
        account = runtime.account_for(self._data, "rabbitmq")
        self._data.mkdir(mode=0o700, exist_ok=True)
        files = {
            ".erlang.cookie": secrets.token_hex(20),
            "enabled_plugins": "[].",
            "rabbitmq.conf": _CONFIGURATION.format(address=LOOPBACK, port=self.port, users=self._users()),
        }
        if self._definitions:
            files["definitions.json"] = self._definitions.read_text()
        for name, content in files.items():
            runtime.write_secret(self._data / name, content)
        runtime.hand_over(account, self._data, *(self._data / name for name in files))

    def _users(self) -> str:
        if self._definitions:
            return f"load_definitions = {self._data / 'definitions.json'}"
        kept = self.folder / "password"
        if not kept.exists():
            runtime.write_secret(kept, secrets.token_hex(16))
        return f"default_user = {_USER}\ndefault_pass = {kept.read_text()}"

    def _environment(self) -> dict[str, str]:
        return {
            "HOME": str(self._data),
            "PATH": _PATH,
            "LANG": "C.UTF-8",
            "ERL_CRASH_DUMP_SECONDS": "0",
            "ERL_EPMD_ADDRESS": LOOPBACK,
            "ERL_EPMD_PORT": str(self._mapper_port),
            "RABBITMQ_NODENAME": _NODE,
            "RABBITMQ_DIST_PORT": str(self._distribution_port),
            "RABBITMQ_MNESIA_BASE": str(self._data / "mnesia"),
            "RABBITMQ_LOG_BASE": str(self._data / "log"),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(self._data / "enabled_plugins"),
            "RABBITMQ_CONFIG_FILE": str(self._data / "rabbitmq.conf"),
            "RABBITMQ_ADVANCED_CONFIG_FILE": str(self._data / "advanced.config"),
            "RABBITMQ_CONF_ENV_FILE": str(self._data / "rabbitmq-env.conf"),
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": f"+S 2:2 +A 4 {_LOOPBACK_ONLY}",
            "RABBITMQ_CTL_ERL_ARGS": _LOOPBACK_ONLY,
            # Makes the start script become the server, so the signals reach it and not a shell.
            "RUNNING_UNDER_SYSTEMD": "true",
        }

    def _spawn(self, argv: Sequence[str | Path]) -> subprocess.Popen[bytes]:
        return child.spawn(
            argv,
            log=self.log,
            env=self._environment(),
            cwd=self._data,
            account=runtime.account_for(self._data),
        )

    def _run(self, argv: Sequence[str | Path], entered: str = "") -> str:
        return child.run(
            argv,
            env=self._environment(),
            cwd=self._data,
            account=runtime.account_for(self._data),
            entered=entered,
        ).strip()

    def _listens(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex((LOOPBACK, self.port)) == 0

    def _wait_until_it_listens(self) -> None:
        deadline = time.monotonic() + _START_SECONDS
        while self._running().poll() is None and time.monotonic() < deadline:
            if self._listens():
                return
            time.sleep(0.05)
        self.kill()
        raise ServerError(f"RabbitMQ did not start:\n{child.tail(self.log)}")


def _find_programs() -> Path:
    for folder in _PROGRAM_FOLDERS:
        if (folder / "rabbitmq-server").exists():
            return folder
    raise ServerError("RabbitMQ is not installed: as root, apt-get install rabbitmq-server")


def _program(name: str) -> str:
    found = shutil.which(name, path=_PATH)
    if found is None:
        raise ServerError(f"Erlang's {name} is not installed: as root, apt-get install erlang-base")
    return found


@contextmanager
def throwaway(definitions: Path | None = None) -> Iterator[RabbitMQ]:
    """A fresh node, removed at the end."""
    with runtime.throwaway_folder() as folder, RabbitMQ(folder, definitions) as node:
        yield node
