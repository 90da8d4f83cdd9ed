"""The system as processes of its own, which can be killed one by one and come back."""

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Self

from nobat.backends import Backends, Broker
from nobat.preparation import migrate_all, plant_demo
from nobat.secret_store import open_secrets
from nobat.servers.postgres import Postgres
from nobat.servers.rabbitmq import RabbitMQ
from nobat.supervisor import Program, Supervisor
from nobat.topology import Process, Servers, Shape, Topology, describe


class Cluster:
    """``async with Cluster(folder, shape, broker="rabbitmq") as cluster``: everything runs and is ready.

    The folder keeps data, secrets and a log for each process; another cluster in it goes on where this
    one ended. ``demo`` puts dealerships, plans and staff in. ``database_url`` and ``amqp_url`` are as
    in ``Backends``.
    """

    topology: Topology
    servers: Servers
    supervisor: Supervisor

    def __init__(
        self,
        folder: Path,
        shape: Shape | None = None,
        *,
        broker: Broker = "local",
        demo: bool = True,
        database_url: str | None = None,
        amqp_url: str | None = None,
        postgres_settings: Mapping[str, str] | None = None,
    ) -> None:
        self.secrets = open_secrets(folder)
        self._folder = folder
        self._shape = shape
        self._demo = demo
        self._backends = Backends(
            folder,
            self.secrets,
            broker=broker,
            database_url=database_url,
            amqp_url=amqp_url,
            postgres_settings=postgres_settings,
        )

    @property
    def gateway_url(self) -> str:
        return self.topology.gateway_url

    @property
    def simulators_url(self) -> str:
        return self.topology.simulators_url

    @property
    def postgres(self) -> Postgres:
        return self._backends.postgres

    @property
    def rabbitmq(self) -> RabbitMQ:
        return self._backends.rabbitmq

    @property
    def names(self) -> list[str]:
        """Of the processes, such as ``sales.api.1``, ``sales.worker.1``, ``gateway``."""
        return self.supervisor.names

    def url(self, name: str) -> str:
        """Where the process listens."""
        return self.topology.find(name).url

    def pid(self, name: str) -> int:
        return self.supervisor.pid(name)

    def kill(self, name: str) -> None:
        """``kill -9``; the supervisor starts the process again."""
        self.supervisor.kill(name)

    def log(self, name: str) -> Path:
        return self._folder / "logs" / f"{name}.log"

    async def __aenter__(self) -> Self:
        self._backends.__enter__()
        try:
            await self._start()
        except BaseException:
            self._backends.__exit__()
            raise
        return self

    async def __aexit__(self, *failure: object) -> None:
        await self.supervisor.stop()
        await asyncio.to_thread(self._backends.__exit__)

    async def _start(self) -> None:
        self.servers = await self._backends.prepare()
        await migrate_all(self.servers)
        self.topology = describe(self.servers, self.secrets, self._shape)
        if self._demo:
            await plant_demo(self.topology, self.secrets["DEMO_PASSWORD"])
        (self._folder / "logs").mkdir(exist_ok=True)
        self.supervisor = Supervisor([self._program(process) for process in self.topology.processes])
        await self.supervisor.start()

    def _program(self, process: Process) -> Program:
        return Program(process.name, process.argv, self.log(process.name), process.env, process.ready)
