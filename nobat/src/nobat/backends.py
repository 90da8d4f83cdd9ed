"""PostgreSQL and the broker of one system: private ones in its folder, or those it is given."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Literal, Self

from chassis.messaging.definitions import rabbitmq_definitions
from nobat import databases
from nobat.secret_store import Secrets
from nobat.servers.postgres import Postgres
from nobat.servers.rabbitmq import RabbitMQ
from nobat.servers.runtime import write_secret
from nobat.topology import SERVICES, Servers

Broker = Literal["local", "rabbitmq"]
BROKERS = "brokers.json"
"""The file with each service's way to the broker, for the operators' tools."""
DATABASES = "databases.json"
"""The same for the databases."""


class Backends:
    """Use as a context manager: inside, the servers run.

    ``database_url`` is an account of a PostgreSQL that may create databases, ``amqp_url`` one of a
    RabbitMQ for all services; without them the servers are private. ``local`` keeps messages in a
    database instead of RabbitMQ.
    """

    def __init__(
        self,
        folder: Path,
        secrets: Secrets,
        *,
        broker: Broker = "local",
        database_url: str | None = None,
        amqp_url: str | None = None,
        postgres_settings: Mapping[str, str] | None = None,
    ) -> None:
        self._folder = folder
        self._secrets = secrets
        self._database_url = database_url
        self._amqp_url = amqp_url
        self._postgres = None if database_url else Postgres(folder / "postgresql", postgres_settings)
        self._rabbitmq = RabbitMQ(folder / "rabbitmq", self._definitions()) if self._private(broker) else None

    def _private(self, broker: Broker) -> bool:
        return broker == "rabbitmq" and self._amqp_url is None

    @property
    def postgres(self) -> Postgres:
        """The private server."""
        assert self._postgres is not None, "the system uses a PostgreSQL that it was given"
        return self._postgres

    @property
    def rabbitmq(self) -> RabbitMQ:
        """The private node."""
        assert self._rabbitmq is not None, "the system uses no RabbitMQ of its own"
        return self._rabbitmq

    async def prepare(self) -> Servers:
        """Makes the databases that are missing and says where everything is."""
        administrator = self._database_url or self.postgres.dsn()
        found = await databases.create(administrator, [*SERVICES, databases.BROKER], self._secrets)
        brokers = {service: self._broker_url(service, found.owners) for service in SERVICES}
        own = {**found.services, databases.BROKER: found.owners[databases.BROKER]}
        servers = Servers(own, brokers, self._folder.resolve(), found.owners)
        write_secret(self._folder / BROKERS, json.dumps(dict(servers.brokers)))
        write_secret(self._folder / DATABASES, json.dumps(dict(servers.databases)))
        return servers

    def _broker_url(self, service: str, found: Mapping[str, str]) -> str:
        if self._rabbitmq is not None:
            return self._rabbitmq.url(user=service, password=self._secrets.password(f"rabbitmq.{service}"))
        return self._amqp_url or found[databases.BROKER]

    def _definitions(self) -> Path:
        file = self._folder / "rabbitmq-definitions.json"
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        passwords = {service: self._secrets.password(f"rabbitmq.{service}") for service in SERVICES}
        write_secret(file, json.dumps(rabbitmq_definitions(SERVICES, passwords)))
        return file

    def __enter__(self) -> Self:
        for server in self._own():
            server.start()
        return self

    def __exit__(self, *failure: object) -> None:
        for server in reversed([*self._own()]):
            server.__exit__(*failure)

    def _own(self) -> Iterable[Postgres | RabbitMQ]:
        return [server for server in (self._postgres, self._rabbitmq) if server is not None]
