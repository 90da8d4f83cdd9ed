"""Which service answers what, and what no service is asked."""

from collections.abc import Awaitable, Callable

import httpx
import pytest

from gateway.testing import FakeService, Services, free_port

StartGateway = Callable[..., Awaitable[httpx.AsyncClient]]
ProblemOf = Callable[[httpx.Response], str]


@pytest.mark.parametrize(
    ("method", "path", "service"),
    [
        ("POST", "/api/v1/registrations", "identity"),
        ("POST", "/api/v1/registrations/7/activation", "identity"),
        ("POST", "/api/v1/sessions", "identity"),
        ("GET", "/api/v1/sessions", "identity"),
        ("DELETE", "/api/v1/sessions/7", "identity"),
        ("POST", "/api/v1/challenges/7", "identity"),
        ("PATCH", "/api/v1/me", "identity"),
        ("POST", "/api/v1/password-resets", "identity"),
        ("GET", "/.well-known/jwks.json", "identity"),
        ("GET", "/api/v1/plans", "sales"),
        ("GET", "/api/v1/plans/7/eligibility", "sales"),
        ("POST", "/api/v1/orders", "sales"),
        ("GET", "/api/v1/orders", "sales"),
        ("POST", "/api/v1/orders/7/cancellation", "sales"),
        ("POST", "/api/v1/tracking", "sales"),
        ("GET", "/api/v1/dealerships", "sales"),
        ("POST", "/api/v1/complaints/7/messages", "sales"),
        ("GET", "/api/v1/draws/7/proof/8", "sales"),
        ("POST", "/api/v1/staff/plans", "sales"),
        ("GET", "/api/v1/staff/dealerships/7", "sales"),
        ("GET", "/api/v1/staff/audit", "identity"),
        ("GET", "/api/v1/staff/audit/sales", "sales"),
        ("POST", "/api/v1/staff/customers/search", "identity"),
        ("GET", "/api/v1/me/inquiries", "identity"),
        ("POST", "/api/v1/orders/7/bills", "sales"),
        ("GET", "/api/v1/bills/7", "payment"),
        ("POST", "/api/v1/bills/7/payments", "payment"),
        ("GET", "/api/v1/payments/7", "payment"),
        ("POST", "/api/v1/payments/callback/zarinpal", "payment"),
        ("GET", "/api/v1/messages", "notify"),
    ],
)
async def test_a_path_leads_to_its_service(
    gateway: httpx.AsyncClient,
    services: Services,
    login: dict[str, str],
    method: str,
    path: str,
    service: str,
) -> None:
    answer = await gateway.request(method, path, headers=login)
    assert answer.json() == {"method": method, "path": path, "body": ""}
    assert len(getattr(services, service).requests) == 1


@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/nothing",
        "/api/v1/",
        "/api/v2/plans",
        "/plans",
        "/metrics",
        "/livez",
        "/readyz",
        "/openapi.json",
        "/redoc",
        "/api/v1/staff",
        "/api/v1/staff/everything",
        "/api/v1/plans/",
        "/api/v1//plans",
        "/api/v1/plansx",
    ],
)
async def test_what_the_table_does_not_name_is_not_there(
    gateway: httpx.AsyncClient, services: Services, login: dict[str, str], problem_of: ProblemOf, path: str
) -> None:
    assert problem_of(await gateway.get(path, headers=login)) == "not_found"
    assert all(not service.requests for service in vars(services).values())


@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/plans/../../../metrics",
        "/api/v1/plans/%2e%2e/%2E%2e/%2e./metrics",
        "/api/v1/plans/..%2f..%2f..%2fmetrics",
        "/api/v1/plans/..%5c..%5cmetrics",
        "/api/v1/plans/..\\..\\metrics",
        "/api/v1/plans/./7",
        "/api/v1/plans/%252e%252e/metrics",
        "/api/v1/plans/7%00",
        "/api/v1/plans/7%0d%0aX-User-Id:1",
        "/api/v1/plans/7;a=b",
        "/api/v1/plans/7%3fa=b",
        "/api/v1/plans/7%23a",
    ],
)
async def test_a_path_that_two_programs_could_read_differently_is_refused(
    raw: Callable[[bytes], Awaitable[bytes]], services: Services, path: str
) -> None:
    answer = await raw(f"GET {path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n".encode())
    assert answer.split(b" ")[1] in {b"404", b"400"}
    assert not services.sales.requests


async def test_path_and_query_arrive_as_they_were_sent(
    gateway: httpx.AsyncClient, services: Services
) -> None:
    await gateway.get("/api/v1/dealerships/%D8%AA%D9%87?province=%D8%AA%D9%87&q=a+b&q=%26&x")
    assert services.sales.last.scope["raw_path"] == b"/api/v1/dealerships/%D8%AA%D9%87"
    assert services.sales.last.scope["query_string"] == b"province=%D8%AA%D9%87&q=a+b&q=%26&x"


@pytest.mark.parametrize("method", ["TRACE", "PROPFIND", "OPTIONS"])
async def test_an_unusual_method_is_refused(
    gateway: httpx.AsyncClient, services: Services, problem_of: ProblemOf, method: str
) -> None:
    assert problem_of(await gateway.request(method, "/api/v1/plans")) == "method_not_allowed"
    assert not services.sales.requests


async def test_a_method_that_only_another_row_has_is_refused(
    gateway: httpx.AsyncClient, problem_of: ProblemOf, login: dict[str, str]
) -> None:
    assert problem_of(await gateway.put("/api/v1/draws/7", headers=login)) == "method_not_allowed"


async def test_the_index_links_to_what_there_is(gateway: httpx.AsyncClient) -> None:
    answer = await gateway.get("/")
    assert answer.status_code == 200
    assert answer.json()["links"]["openapi"] == "/api/openapi.json"


async def test_with_a_portal_other_paths_are_the_portals(start_gateway: StartGateway) -> None:
    async with FakeService("portal").running() as portal:
        gateway = await start_gateway(portal_urls=portal.url)
        assert (await gateway.get("/")).json()["path"] == "/"
        assert (await gateway.get("/orders/7", headers={"cookie": "a=b"})).json()["path"] == "/orders/7"
        assert portal.last.headers["cookie"] == "a=b"


@pytest.mark.parametrize(
    "path", ["/metrics", "/openapi.json", "/readyz", "/api/v1/nothing", "/.well-known/x"]
)
async def test_with_a_portal_internal_paths_stay_hidden(
    start_gateway: StartGateway, problem_of: ProblemOf, path: str
) -> None:
    gateway = await start_gateway(portal_urls=f"http://127.0.0.1:{free_port()}")
    assert problem_of(await gateway.get(path)) == "not_found"
