"""What fails inside is told without its details; what is not there now is asked to be tried again."""

import asyncio
from collections.abc import Awaitable, Callable

import httpx
import pytest
from sqlalchemy import text

from chassis.database import Database
from chassis.errors import Problem

ACTS = "/api/v1/acts"
SECRET = "0012345679 at 10.0.0.7"


def raising(error: BaseException) -> Callable[[], Awaitable[None]]:
    async def act() -> None:
        raise error

    return act


def is_unavailable(answer: httpx.Response) -> bool:
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["trace_id"]
    return (answer.status_code, answer.headers.get("retry-after")) == (503, "1")


@pytest.mark.parametrize(
    "error",
    [RuntimeError(SECRET), KeyError(SECRET), AssertionError(SECRET), ExceptionGroup(SECRET, [ValueError()])],
)
async def test_an_unforeseen_failure_tells_nothing_but_its_trace(probe, error: Exception):
    probe.behaviour.act = raising(error)
    answer = await probe.client.get(ACTS, headers={"X-Correlation-Id": "correlation-1"})
    assert answer.status_code == 500
    assert set(answer.json()) == {"type", "title", "status", "code", "detail", "trace_id"}
    assert answer.headers["x-correlation-id"] == "correlation-1"
    for word in ("0012345679", "10.0.0.7", "Error", "Traceback", ".py"):
        assert word not in answer.text


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/api/v1/nothing", 404, "not_found"),
        ("GET", "/", 404, "not_found"),
        ("GET", "/api/v1/../../etc/passwd", 404, "not_found"),
        ("GET", "/docs", 404, "not_found"),
        ("GET", "/redoc", 404, "not_found"),
        ("GET", "/api/v1/forms", 405, "method_not_allowed"),
        ("DELETE", "/api/v1/me", 405, "method_not_allowed"),
        ("TRACE", "/api/v1/me", 405, "method_not_allowed"),
    ],
)
async def test_a_wrong_address_is_a_problem_document(probe, method: str, path: str, status: int, code: str):
    answer = await probe.client.request(method, path)
    assert answer.headers["content-type"] == "application/problem+json"
    assert (answer.status_code, answer.json()["code"], answer.json()["status"]) == (status, code, status)
    assert "allow" in answer.headers or status != 405


async def test_a_refusal_shows_its_members_and_headers(probe):
    class SoldOut(Problem):
        code, fa, en = "sold_out", "{model} تمام شد.", "{model} is sold out."

    probe.behaviour.act = raising(SoldOut(model="نوبت ۱", headers={"X-Plan": "1"}))
    answer = await probe.client.get(ACTS, headers={"Accept-Language": "en"})
    assert answer.status_code == 409
    assert answer.json()["detail"] == "نوبت ۱ is sold out."
    assert answer.json()["model"] == "نوبت ۱"
    assert answer.headers["x-plan"] == "1"
    assert answer.headers["cache-control"] == "no-store"


async def test_a_database_that_is_not_there_is_an_outage(start):
    probe = await start("postgresql+asyncpg://x:y@127.0.0.1:1/x")
    assert is_unavailable(await probe.client.get("/api/v1/rows"))


@pytest.mark.parametrize("state", ["57P03", "57P01", "57P02", "53300", "08004"])
async def test_a_database_that_is_starting_or_full_is_an_outage(start, state: str):
    async with refusing_server(state) as port:
        probe = await start(f"postgresql+asyncpg://x:y@127.0.0.1:{port}/x?ssl=disable")
        assert is_unavailable(await probe.client.get("/api/v1/rows"))


@pytest.mark.parametrize("state", ["57P01", "57P02", "57P03", "53100", "53200", "08006", "40001", "40P01"])
async def test_a_statement_that_lost_its_server_or_its_race_is_an_outage(probe, state: str):
    probe.behaviour.act = statement(probe.database, f"DO $$ BEGIN RAISE SQLSTATE '{state}'; END $$")
    assert is_unavailable(await probe.client.get(ACTS))


@pytest.mark.parametrize("statement_", ["SELECT 1 / 0", "SELECT * FROM nowhere", "SELECT 'x'::int", "SELEC"])
async def test_a_wrong_statement_is_our_failure(probe, statement_: str):
    probe.behaviour.act = statement(probe.database, statement_)
    answer = await probe.client.get(ACTS)
    assert (answer.status_code, answer.json()["code"]) == (500, "internal_error")


def statement(database: Database, sql: str) -> Callable[[], Awaitable[None]]:
    async def act() -> None:
        async with database.transaction() as session:
            await session.execute(text(sql))

    return act


async def test_the_service_recovers_when_its_connections_were_cut(probe):
    probe.behaviour.act = statement(probe.database, "SELECT pg_terminate_backend(pg_backend_pid())")
    assert is_unavailable(await probe.client.get(ACTS))
    await asyncio.gather(*(probe.client.get("/api/v1/rows") for _ in range(5)))
    answer = await probe.client.get("/api/v1/rows")
    assert answer.json() == {"rows": 1}


async def test_waiting_for_a_connection_ends(start):
    probe = await start(pool_size=1, pool_timeout=0.1)
    async with probe.database.transaction() as session:
        await session.execute(text("SELECT 1"))
        assert is_unavailable(await probe.client.get("/api/v1/rows"))
    assert (await probe.client.get("/api/v1/rows")).status_code == 200


@pytest.mark.parametrize("error", [TimeoutError(), ConnectionResetError(SECRET), OSError(SECRET)])
async def test_what_cannot_be_reached_is_an_outage(probe, error: Exception):
    probe.behaviour.act = raising(error)
    answer = await probe.client.get(ACTS)
    assert is_unavailable(answer)
    assert "10.0.0.7" not in answer.text


async def test_five_hundred_cancelled_requests_leave_no_transaction_behind(start):
    probe = await start(pool_size=1, pool_timeout=30)
    assert (await probe.client.get("/api/v1/rows")).status_code == 200
    for number in range(50):
        storm = [asyncio.create_task(probe.client.get("/api/v1/rows")) for _ in range(10)]
        await asyncio.sleep(number % 10 / 1000)
        for request in storm:
            request.cancel()
        await asyncio.gather(*storm, return_exceptions=True)
    answer = await probe.client.get("/api/v1/rows")
    assert answer.json() == {"rows": 1}
    async with probe.database.transaction() as session:
        idle = await session.scalar(
            text(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                " AND state LIKE 'idle in transaction%' AND pid <> pg_backend_pid()"
            )
        )
    assert idle == 0


class refusing_server:  # noqa: N801 read as a function
    """A server that speaks PostgreSQL's protocol only to refuse: ``async with`` gives its port."""

    def __init__(self, state: str) -> None:
        fields = (b"SFATAL", b"VFATAL", b"C" + state.encode(), b"Mnot now", b"")
        body = b"\0".join(fields) + b"\0"
        self._refusal = b"E" + (len(body) + 4).to_bytes(4) + body

    async def __aenter__(self) -> int:
        self._server = await asyncio.start_server(self._refuse, "127.0.0.1")
        port: int = self._server.sockets[0].getsockname()[1]
        return port

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        await self._server.wait_closed()

    async def _refuse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        length = int.from_bytes(await reader.readexactly(4))
        await reader.readexactly(length - 4)
        writer.write(self._refusal)
        await writer.drain()
        writer.close()
