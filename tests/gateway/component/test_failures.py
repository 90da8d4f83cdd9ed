"""Services that are down, slow, or break off."""

import asyncio
from collections.abc import Awaitable, Callable

import httpx
import pytest
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse

from gateway.app import opened
from gateway.config import Settings
from gateway.health import internal_app
from gateway.testing import FakeService, Services, free_port

StartGateway = Callable[..., Awaitable[httpx.AsyncClient]]
ProblemOf = Callable[[httpx.Response], str]


def nobody() -> str:
    return f"http://127.0.0.1:{free_port()}"


class Breaking:
    """Accepts connections and closes each of them when the request has arrived."""

    def __init__(self) -> None:
        self.port = free_port()
        self.requests = 0

    async def __aenter__(self) -> "Breaking":
        self._server = await asyncio.start_server(self._break, "127.0.0.1", self.port)
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        await self._server.wait_closed()

    async def _break(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        self.requests += 1
        writer.close()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


async def test_a_service_that_is_down_is_told_as_a_problem(
    start_gateway: StartGateway, problem_of: ProblemOf
) -> None:
    gateway = await start_gateway(sales_urls=nobody())
    answer = await gateway.get("/api/v1/plans", headers={"accept-language": "en"})
    assert answer.status_code == 503
    assert problem_of(answer) == "unavailable"
    assert answer.headers["retry-after"] == "1"
    assert answer.headers["content-language"] == "en"
    assert (await gateway.get("/.well-known/jwks.json")).status_code == 200


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_another_process_is_asked_when_one_refuses_connections(
    start_gateway: StartGateway, services: Services, method: str
) -> None:
    gateway = await start_gateway(identity_urls=f"{nobody()},{services.identity.url}")
    path = "/api/v1/registrations" if method == "POST" else "/.well-known/jwks.json"
    answers = [await gateway.request(method, path) for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200] * 4
    assert len(services.identity.requests) == 4


async def test_processes_take_turns(start_gateway: StartGateway) -> None:
    async with FakeService("one").running() as one, FakeService("two").running() as two:
        gateway = await start_gateway(sales_urls=f"{one.url},{two.url}")
        for _ in range(6):
            await gateway.get("/api/v1/plans")
        assert (len(one.requests), len(two.requests)) == (3, 3)


async def test_a_read_that_breaks_off_is_asked_of_another_process(
    start_gateway: StartGateway, services: Services
) -> None:
    async with Breaking() as broken:
        gateway = await start_gateway(sales_urls=f"{broken.url},{services.sales.url}")
        answers = [await gateway.get("/api/v1/plans") for _ in range(2)]
        assert [answer.status_code for answer in answers] == [200, 200]
        assert broken.requests == 1


async def test_a_write_that_breaks_off_is_not_repeated(
    start_gateway: StartGateway, services: Services, login: dict[str, str], problem_of: ProblemOf
) -> None:
    async with Breaking() as broken, Breaking() as other:
        gateway = await start_gateway(sales_urls=f"{broken.url},{other.url}")
        answer = await gateway.post("/api/v1/orders", headers=login, json={})
        assert answer.status_code == 502
        assert problem_of(answer) == "outcome_unknown"
        assert broken.requests + other.requests == 1


async def test_a_write_with_an_idempotency_key_may_be_repeated(
    start_gateway: StartGateway, services: Services, login: dict[str, str]
) -> None:
    async with Breaking() as broken:
        gateway = await start_gateway(sales_urls=f"{broken.url},{services.sales.url}")
        headers = {**login, "Idempotency-Key": "0123456789abcdef"}
        answers = [await gateway.post("/api/v1/orders", headers=headers, json={"a": 1}) for _ in range(2)]
        assert [answer.json()["body"] for answer in answers] == ['{"a":1}'] * 2
        assert broken.requests == 1


async def test_a_slow_service_is_not_waited_for_and_not_asked_twice(
    start_gateway: StartGateway, services: Services, problem_of: ProblemOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gateway.app.find_route", briefly("/api/v1/plans"))
    gateway = await start_gateway(sales_urls=f"{services.sales.url},{services.sales.url}")
    services.sales.sleeps(5)
    answer = await gateway.get("/api/v1/plans")
    assert answer.status_code == 504
    assert problem_of(answer) == "timed_out"
    assert len(services.sales.requests) == 1


def briefly(pattern: str, *, streamed: bool = False) -> Callable[[str, bytes], object]:
    """A table with one row whose service has 0.2 s."""
    from gateway.routes import Route, Service  # noqa: PLC0415 only this needs them

    route = Route(pattern, Service.SALES, seconds=0.2, streamed=streamed)
    return lambda method, path: route


async def test_a_slow_stream_is_not_waited_for(
    start_gateway: StartGateway, services: Services, problem_of: ProblemOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gateway.app.find_route", briefly("/api/v1/draws/**", streamed=True))
    gateway = await start_gateway()
    services.sales.sleeps(5)
    assert problem_of(await gateway.get("/api/v1/draws/7/entries")) == "timed_out"


async def test_a_process_that_keeps_failing_is_left_alone_and_tried_again_later(
    start_gateway: StartGateway,
) -> None:
    async with Breaking() as broken:
        gateway = await start_gateway(sales_urls=broken.url, breaker_failures=3, breaker_seconds=60)
        answers = [await gateway.get("/api/v1/plans") for _ in range(6)]
        assert {answer.status_code for answer in answers} == {503}
        assert broken.requests == 3


async def test_a_process_that_came_back_is_asked_again(start_gateway: StartGateway) -> None:
    service = FakeService("sales")
    gateway = await start_gateway(sales_urls=service.url, breaker_failures=1, breaker_seconds=0.05)
    assert (await gateway.get("/api/v1/plans")).status_code == 503
    async with service.running():
        await asyncio.sleep(0.1)
        assert (await gateway.get("/api/v1/plans")).status_code == 200


async def test_more_than_a_service_can_hold_is_refused_at_once(
    start_gateway: StartGateway, services: Services
) -> None:
    entered, leave = asyncio.Event(), asyncio.Event()

    async def wait(_: Request) -> Response:
        entered.set()
        await leave.wait()
        return JSONResponse({})

    services.sales.handler = wait
    gateway = await start_gateway(max_in_flight=1)
    first = asyncio.create_task(gateway.get("/api/v1/plans"))
    await entered.wait()
    assert (await gateway.get("/api/v1/plans")).status_code == 503
    leave.set()
    assert (await first).status_code == 200


async def test_a_services_own_refusal_is_passed_on(gateway: httpx.AsyncClient, services: Services) -> None:
    services.sales.answers({"code": "sold_out"}, status=409, content_type="application/problem+json")
    answer = await gateway.get("/api/v1/plans/7")
    assert (answer.status_code, answer.json()) == (409, {"code": "sold_out"})
    assert answer.headers["content-type"] == "application/problem+json"


async def test_answers_without_a_body_pass(
    gateway: httpx.AsyncClient, services: Services, login: dict[str, str]
) -> None:
    async def nothing(_: Request) -> Response:
        return Response(status_code=204)

    services.identity.handler = nothing
    answer = await gateway.delete("/api/v1/sessions/7", headers=login)
    assert (answer.status_code, answer.content) == (204, b"")
    assert "content-length" not in answer.headers


async def test_a_head_request_gets_the_head_only(gateway: httpx.AsyncClient, services: Services) -> None:
    services.sales.answers({"a": 1})
    answer = await gateway.head("/api/v1/plans")
    assert (answer.status_code, answer.content) == (200, b"")
    assert answer.headers["content-length"] == "7"


async def test_a_large_file_is_passed_on_as_it_comes(gateway: httpx.AsyncClient, services: Services) -> None:
    more = asyncio.Event()

    async def file(_: Request) -> Response:
        async def lines() -> object:
            yield b"first\n"
            await more.wait()
            yield b"x" * 3_000_000

        return StreamingResponse(lines(), media_type="text/csv")  # type: ignore[arg-type] # an async generator

    services.sales.handler = file
    async with gateway.stream("GET", "/api/v1/draws/7/entries") as answer:
        received = answer.aiter_raw()
        assert await anext(received) == b"first\n"
        more.set()
        assert sum([len(chunk) async for chunk in received]) == 3_000_000


async def test_a_file_that_breaks_off_does_not_look_complete(
    gateway: httpx.AsyncClient, services: Services
) -> None:
    async def file(_: Request) -> Response:
        async def lines() -> object:
            yield b"first\n"
            raise ConnectionAbortedError

        return StreamingResponse(lines())  # type: ignore[arg-type] # an async generator

    services.sales.handler = file
    with pytest.raises(httpx.RemoteProtocolError):
        await gateway.get("/api/v1/draws/7/entries")


async def test_readiness_goes_when_the_process_is_about_to_end_and_only_then() -> None:
    stopping = False
    settings = Settings(
        identity_urls="http://a.test", sales_urls=nobody(), payment_urls="http://a.test",
        notify_urls="http://a.test", jwks_url="", breaker_failures=1,
    )  # fmt: skip
    async with opened(settings) as app:
        transport = httpx.ASGITransport(internal_app(app.upstreams, lambda: stopping))
        async with httpx.AsyncClient(transport=transport, base_url="http://gateway.test") as internal:
            assert (await internal.get("/livez")).status_code == 200
            assert (await internal.get("/readyz")).json() == {"status": "ok", "findings": {}}
            public = httpx.ASGITransport(app)
            async with httpx.AsyncClient(transport=public, base_url="http://gateway.test") as client:
                await client.get("/api/v1/plans")
            degraded = await internal.get("/readyz")
            assert degraded.status_code == 200
            assert degraded.json()["findings"] == {"sales": "no process answers"}
            stopping = True
            assert (await internal.get("/readyz")).status_code == 503
            metrics = (await internal.get("/metrics")).text
            assert (
                'gateway_requests_total{rate_class="read",route="/api/v1/plans/**",status="503"}' in metrics
            )
            assert "gateway_upstream_circuit_open" in metrics
