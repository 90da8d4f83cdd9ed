"""The private PostgreSQL: who runs it, where it listens, what it survives."""

import os
import shutil
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from nobat.servers.child import ServerError
from nobat.servers.ports import LOOPBACK
from nobat.servers.postgres import Postgres


@pytest.fixture
def durable(tmp_path: Path) -> Iterator[Postgres]:
    server = Postgres(tmp_path / "postgres")
    with server:
        yield server
    server.remove()


def family(server: Postgres) -> list[psutil.Process]:
    root = psutil.Process(server.pid)
    return [root, *root.children()]


def test_no_process_of_the_server_runs_as_root(postgres: Postgres) -> None:
    assert all(process.uids().real for process in family(postgres))


def test_it_listens_on_the_loopback_address_only(postgres: Postgres) -> None:
    listening = {
        (connection.laddr.ip, connection.laddr.port)
        for process in family(postgres)
        for connection in process.net_connections()
        if connection.status == psutil.CONN_LISTEN
    }
    assert listening == {(LOOPBACK, postgres.port)}


def test_its_password_can_be_read_by_its_owner_only(postgres: Postgres) -> None:
    assert (postgres.folder / "password").stat().st_mode & 0o777 == 0o600
    assert postgres.data.stat().st_mode & 0o777 == 0o700


def test_commits_are_durable_unless_asked_otherwise(durable: Postgres) -> None:
    assert [durable.sql(f"SHOW {name}") for name in ("fsync", "synchronous_commit")] == ["on", "on"]


async def test_a_service_connects_with_its_own_role_and_a_wrong_password_is_refused(
    postgres: Postgres,
) -> None:
    postgres.create_database("owned", owner="owner")
    engine = create_async_engine(postgres.url("owned", user="owner"))
    async with engine.connect() as connection:
        assert await connection.scalar(text("SELECT current_user")) == "owner"
    await engine.dispose()
    stranger = create_async_engine(postgres.url("owned", user="owner").replace("@", "x@"))
    with pytest.raises(Exception, match="password authentication failed"):
        await stranger.connect()


@pytest.mark.parametrize("end", ["kill", "immediate"])
def test_committed_rows_survive_a_hard_end_and_the_port_stays(durable: Postgres, end: str) -> None:
    durable.sql("CREATE TABLE promise (kept int); INSERT INTO promise VALUES (1)")
    port = durable.port
    if end == "kill":
        durable.kill()
        durable.start()
    else:
        durable.restart("immediate")
    assert durable.sql("SELECT kept FROM promise") == "1"
    assert durable.port == port


def test_a_server_whose_main_process_alone_was_killed_starts_again(durable: Postgres) -> None:
    os.kill(durable.pid, signal.SIGKILL)
    durable.start()
    assert durable.sql("SELECT 1") == "1"


def test_a_pid_file_that_names_a_stranger_does_not_stop_the_start(durable: Postgres) -> None:
    durable.stop()
    (durable.data / "postmaster.pid").write_text(f"{os.getpid()}\n{durable.data}\n")
    durable.start()
    assert durable.sql("SELECT 1") == "1"


def test_a_setting_that_postgres_refuses_is_named_in_the_error(tmp_path: Path) -> None:
    server = Postgres(tmp_path / "postgres", {"shared_buffers": "lots"})
    with pytest.raises(ServerError, match="shared_buffers"):
        server.start()
    server.remove()


def test_the_wheels_other_programs_can_be_run(postgres: Postgres) -> None:
    assert shutil.which(str(postgres.bin("pgbench")))


def test_make_database_starts_over_with_an_empty_one(
    postgres: Postgres, make_database: Callable[[str], str]
) -> None:
    make_database("again")
    postgres.sql("CREATE TABLE leftover (n int)", database="again")
    make_database("again")
    assert postgres.sql("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'", database="again") == "0"


def test_a_folder_that_was_deleted_and_made_anew_starts_with_new_data(tmp_path: Path) -> None:
    server = Postgres(tmp_path / "postgres")
    with server:
        server.create_database("before")
    shutil.rmtree(server.folder)

    again = Postgres(tmp_path / "postgres")
    with again:
        assert again.sql("SELECT count(*) FROM pg_database WHERE datname = 'before'") == "0"
    again.remove()
