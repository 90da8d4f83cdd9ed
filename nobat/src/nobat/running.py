"""Running one system in the foreground, until it is told to end."""

import logging
import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import chassis.logging
from chassis.server import stop_on_signals
from nobat import embedded
from nobat.announcement import announcement
from nobat.backends import Backends, Broker
from nobat.cluster import Cluster
from nobat.preparation import migrate_all, plant_demo
from nobat.refusal import Refusal
from nobat.secret_store import open_secrets
from nobat.servers.ports import free_port, is_free
from nobat.topology import Shape, describe

GATEWAY_PORT, SIMULATORS_PORT = 8000, 8090
LOG_BYTES = 20_000_000
MODEST = {"shared_buffers": "16MB", "io_workers": "1"}
"""For a PostgreSQL that shares a small machine with everything else."""

NOTICE_OF_THIS_MACHINE = "0"
"""Whoever tries a draw here need not wait between the freeze and the seed."""
CODES_OF_THIS_MACHINE = "100000"
"""How many an hour may be asked for and not be used from one address, since everybody here has the same."""


class PortTaken(Refusal):
    """A port that was asked for is in use."""


@dataclass(frozen=True)
class Wish:
    """How to run; a port of None is the usual one, or another when that is taken."""

    gateway_port: int | None = None
    simulators_port: int | None = None
    apis: Mapping[str, int] = field(default_factory=dict)


async def run_embedded(home: Path, wish: Wish) -> None:
    """Everything in this process, PostgreSQL beside it; returns after SIGINT or SIGTERM."""
    stop = stop_on_signals()
    shape, notes = _shape(wish)
    secrets = open_secrets(home)
    log = _log_to(home / "nobat.log")
    database_url, amqp_url = _given()
    backends = Backends(home, secrets, database_url=database_url, amqp_url=amqp_url, postgres_settings=MODEST)
    with backends:
        servers = await backends.prepare()
        await migrate_all(servers)
        topology = describe(servers, secrets, shape)
        await plant_demo(topology, secrets["DEMO_PASSWORD"])

        def ready() -> None:
            _say(announcement(topology, secrets["DEMO_PASSWORD"], log, notes))

        await embedded.run(topology, stop, ready)


async def run_processes(home: Path, wish: Wish) -> None:
    """A process for each API, worker and the gateway, with RabbitMQ where it is installed."""
    stop = stop_on_signals()
    shape, notes = _shape(wish)
    _log_to(home / "nobat.log")
    broker: Broker = "rabbitmq" if shutil.which("rabbitmq-server", path="/usr/sbin:/usr/bin") else "local"
    database_url, amqp_url = _given()
    async with Cluster(home, shape, broker=broker, database_url=database_url, amqp_url=amqp_url) as cluster:
        password = cluster.secrets["DEMO_PASSWORD"]
        _say(announcement(cluster.topology, password, home / "logs", notes))
        await stop.wait()


def _given() -> tuple[str | None, str | None]:
    """The PostgreSQL and the RabbitMQ that the environment names."""
    return os.environ.get("DATABASE_URL") or None, os.environ.get("AMQP_URL") or None


def _shape(wish: Wish) -> tuple[Shape, list[str]]:
    gateway, gateway_note = _port("gateway", wish.gateway_port, GATEWAY_PORT)
    simulators, simulators_note = _port("simulators", wish.simulators_port, SIMULATORS_PORT)
    identity = {"ADDRESS_CODES": os.environ.get("ADDRESS_CODES", CODES_OF_THIS_MACHINE)}
    sales = {"DRAW_NOTICE_SECONDS": os.environ.get("DRAW_NOTICE_SECONDS", NOTICE_OF_THIS_MACHINE)}
    shape = Shape(
        apis=wish.apis,
        settings={"identity": identity, "sales": sales},
        gateway_port=gateway,
        simulators_port=simulators,
    )
    return shape, [*gateway_note, *simulators_note]


def _port(name: str, wanted: int | None, usual: int) -> tuple[int, list[str]]:
    if wanted is not None and not is_free(wanted):
        raise PortTaken(f"port {wanted} is in use; name another one for the {name}, or none")
    port = wanted or free_port(usual)
    taken = wanted is None and port != usual
    return port, [f"Port {usual} is in use: {name} at port {port}."] if taken else []


def _log_to(file: Path) -> Path:
    """Begins a new file when the present one is large; the one before it is kept."""
    if file.exists() and file.stat().st_size > LOG_BYTES:
        file.replace(file.with_suffix(".1.log"))
    chassis.logging.configure("nobat", os.environ.get("LOG_LEVEL", "INFO"))
    logging.getLogger().handlers = [_to_file(file, logging.getLogger().handlers[0])]
    return file


def _to_file(file: Path, handler: logging.Handler) -> logging.Handler:
    written = logging.FileHandler(file, encoding="utf-8")
    written.setFormatter(handler.formatter)
    return written


def _say(text: str) -> None:
    print(text, flush=True)  # noqa: T201 - what a command line is for
