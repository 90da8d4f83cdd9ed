"""PostgreSQL and the broker that a system uses."""

import json
import stat
from pathlib import Path

from nobat.backends import BROKERS, Backends
from nobat.secret_store import open_secrets
from nobat.servers.postgres import Postgres
from nobat.topology import SERVICES


async def test_given_servers_are_used_and_none_is_started(postgres: Postgres, tmp_path: Path) -> None:
    given = Backends(
        tmp_path, open_secrets(tmp_path), database_url=postgres.url(), amqp_url="amqp://broker.example/"
    )
    with given:
        servers = await given.prepare()

    assert servers.brokers == dict.fromkeys(SERVICES, "amqp://broker.example/")
    place = f"@127.0.0.1:{postgres.port}/nobat_sales"
    assert servers.databases["sales"].endswith(place)
    assert not (tmp_path / "postgresql").exists()


async def test_without_rabbitmq_all_services_share_a_database_as_their_broker(
    postgres: Postgres, tmp_path: Path
) -> None:
    with Backends(tmp_path, open_secrets(tmp_path), database_url=postgres.url()) as given:
        servers = await given.prepare()

    assert set(servers.brokers.values()) == {servers.databases["broker"]}


async def test_the_operators_tools_find_the_broker(postgres: Postgres, tmp_path: Path) -> None:
    with Backends(tmp_path, open_secrets(tmp_path), database_url=postgres.url()) as given:
        servers = await given.prepare()

    file = tmp_path / BROKERS
    assert json.loads(file.read_text()) == dict(servers.brokers)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
