"""Which headers pass in either direction."""

import re
from collections.abc import Awaitable, Callable

import httpx
import pytest
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from gateway.testing import Services

StartGateway = Callable[..., Awaitable[httpx.AsyncClient]]
ProblemOf = Callable[[httpx.Response], str]

PRETENDED = [
    *("X-User-Id", "x-user-id", "X_User_Id", "X.User.Id", "X-User_Id", "X User-Id".replace(" ", "")),
    *("X-User", "X-Subject", "X-Principal", "X-Roles", "X_Roles", "X-Role", "X-Auth-Request-User"),
    *("X-Internal", "X-Internal-Token", "X_Internal_Secret", "X-Gateway", "X-Gateway-Signature"),
    *(
        "X-Client-Address",
        "X_Client_Address",
        "x.client.address",
        "X-Client-Ip",
        "X-Real-Ip",
        "True-Client-Ip",
    ),
    *("X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Forwarded-Prefix", "X_Forwarded_For"),
    *("X-Forwarded-Uri", "X-Forwarded-User", "X-Forwarded-Email", "X-Forwarded-Client-Cert", "Forwarded"),
    *("Remote-User", "Remote_User", "Remote-Addr", "Cf-Connecting-Ip", "Client-Ip", "Via"),
    *("X-Original-Url", "X-Rewrite-Url", "X-Http-Method-Override", "X-Waiting-Ticket-Passed", "Cookie"),
    *("X-Correlation_Id", "X_Traceparent", "Proxy-Authorization", "X-Authenticated-Userid"),
]


@pytest.mark.parametrize("name", PRETENDED)
async def test_a_header_that_pretends_to_be_the_gateways_reaches_no_service(
    gateway: httpx.AsyncClient, services: Services, name: str
) -> None:
    await gateway.get("/api/v1/plans", headers={name: "6.6.6.6-pretended"})
    assert "6.6.6.6-pretended" not in str(services.sales.last.headers.raw)


async def test_all_of_them_at_once_leave_only_what_is_allowed(
    gateway: httpx.AsyncClient, services: Services
) -> None:
    await gateway.get("/api/v1/plans", headers=dict.fromkeys(PRETENDED, "pretended"))
    assert set(services.sales.last.headers) == {
        "host",
        "accept",
        "user-agent",
        "x-client-address",
        "x-correlation-id",
        "traceparent",
    }


async def test_hop_by_hop_headers_and_what_connection_names_stay_behind(
    raw: Callable[[bytes], Awaitable[bytes]], services: Services
) -> None:
    await raw(
        b"GET /api/v1/plans HTTP/1.1\r\nHost: evil\r\nConnection: close, X-Client-Address\r\n"
        b"Keep-Alive: 5\r\nTE: trailers\r\nTrailer: X-User-Id\r\nUpgrade: h2c\r\nProxy-Connection: x\r\n\r\n"
    )
    received = services.sales.last.headers
    assert {"connection", "keep-alive", "te", "trailer", "upgrade"}.isdisjoint(received)
    assert received["x-client-address"] == "127.0.0.1"
    assert received["host"] == f"127.0.0.1:{services.sales.port}"


async def test_useful_headers_pass(
    gateway: httpx.AsyncClient, services: Services, login: dict[str, str]
) -> None:
    sent = {
        "accept": "application/json",
        "accept-language": "en",
        "content-type": "application/json",
        "idempotency-key": "0123456789abcdef",
        "if-none-match": '"a"',
        "user-agent": "phone",
        **{name.lower(): value for name, value in login.items()},
    }
    await gateway.post("/api/v1/orders", headers=sent, content=b"{}")
    assert sent.items() <= dict(services.sales.last.headers).items()


async def test_a_service_learns_the_peers_address(gateway: httpx.AsyncClient, services: Services) -> None:
    await gateway.get("/api/v1/plans", headers={"X-Forwarded-For": "6.6.6.6"})
    assert services.sales.last.headers["x-client-address"] == "127.0.0.1"


@pytest.mark.parametrize(
    ("forwarded", "client"),
    [
        ("1.2.3.4", "1.2.3.4"),
        ("6.6.6.6, 1.2.3.4", "1.2.3.4"),
        ("6.6.6.6, 1.2.3.4, 127.0.0.9", "1.2.3.4"),
        ("nonsense, 1.2.3.4", "1.2.3.4"),
        ("1.2.3.4, nonsense", "127.0.0.1"),
        ("", "127.0.0.1"),
    ],
)
async def test_a_trusted_proxy_is_believed_about_its_own_peer_only(
    start_gateway: StartGateway, services: Services, forwarded: str, client: str
) -> None:
    gateway = await start_gateway(trusted_proxies="127.0.0.0/8")
    await gateway.get("/api/v1/plans", headers={"X-Forwarded-For": forwarded})
    assert services.sales.last.headers["x-client-address"] == client


async def test_a_trace_goes_on_and_the_correlation_id_comes_back(
    gateway: httpx.AsyncClient, services: Services
) -> None:
    parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
    answer = await gateway.get(
        "/api/v1/plans", headers={"traceparent": parent, "x-correlation-id": "call-00001"}
    )
    received = services.sales.last.headers
    assert received["traceparent"].split("-")[1] == parent.split("-")[1]
    assert received["traceparent"].split("-")[2] != parent.split("-")[2]
    assert received["x-correlation-id"] == answer.headers["x-correlation-id"] == "call-00001"


@pytest.mark.parametrize("offered", ["short", "with space in it", "x" * 65, "a;b;c;d;e;f"])
async def test_a_malformed_correlation_id_is_replaced(
    gateway: httpx.AsyncClient, services: Services, offered: str
) -> None:
    answer = await gateway.get("/api/v1/plans", headers={"x-correlation-id": offered})
    assert re.fullmatch("[0-9a-f]{32}", answer.headers["x-correlation-id"])
    assert services.sales.last.headers["x-correlation-id"] == answer.headers["x-correlation-id"]


async def test_two_authorization_headers_are_refused(
    gateway: httpx.AsyncClient, services: Services, login: dict[str, str], problem_of: ProblemOf
) -> None:
    twice = [("Authorization", login["Authorization"]), ("Authorization", "Bearer other")]
    assert problem_of(await gateway.get("/api/v1/plans", headers=twice)) == "ambiguous_header"
    assert not services.sales.requests


@pytest.mark.parametrize("value", [b"caf\xc3\xa9", b"\xff", b"a\x7fb"])
async def test_a_header_with_strange_bytes_does_no_harm(
    raw: Callable[[bytes], Awaitable[bytes]], value: bytes
) -> None:
    answer = await raw(
        b"GET /api/v1/plans HTTP/1.1\r\nHost: a\r\nConnection: close\r\nUser-Agent: " + value + b"\r\n\r\n"
    )
    assert answer.split(b" ")[1] in {b"200", b"400"}


SECURITY = {
    "strict-transport-security": "max-age=31536000; includeSubDomains",
    "x-content-type-options": "nosniff",
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
    "referrer-policy": "no-referrer",
    "cache-control": "no-store",
}


@pytest.mark.parametrize("path", ["/api/v1/plans", "/api/v1/nothing", "/api/v1/me", "/", "/api/openapi.json"])
async def test_every_answer_carries_the_security_headers(gateway: httpx.AsyncClient, path: str) -> None:
    answer = await gateway.get(path)
    assert SECURITY.items() <= dict(answer.headers).items()
    assert "x-correlation-id" in answer.headers


async def test_a_service_may_choose_its_caching_but_not_its_security_headers(
    gateway: httpx.AsyncClient, services: Services
) -> None:
    services.sales.answers(
        [], cache_control="public, max-age=5", content_security_policy="default-src *", etag='"a"'
    )
    answer = await gateway.get("/api/v1/plans")
    assert answer.headers["cache-control"] == "public, max-age=5"
    assert answer.headers["etag"] == '"a"'
    assert answer.headers["content-security-policy"] == SECURITY["content-security-policy"]


async def test_a_page_of_the_portal_keeps_its_own_policy_beside_the_gateways_headers(
    start_gateway: StartGateway, services: Services
) -> None:
    policy = "default-src 'none'; script-src 'self'"
    services.sales.answers({}, content_security_policy=policy, referrer_policy="same-origin")
    gateway = await start_gateway(portal_urls=services.sales.url)
    told = dict((await gateway.get("/cars")).headers)
    assert told == told | SECURITY | {"content-security-policy": policy, "referrer-policy": "same-origin"}


async def test_what_a_service_says_about_itself_stays_inside(
    gateway: httpx.AsyncClient, services: Services
) -> None:
    services.sales.answers([], server="uvicorn", x_powered_by="python", set_cookie="a=b", x_debug="1")
    answer = await gateway.get("/api/v1/plans")
    assert {"server", "x-powered-by", "set-cookie", "x-debug"}.isdisjoint(answer.headers)


async def test_a_redirect_is_passed_on_and_not_followed(
    gateway: httpx.AsyncClient, services: Services
) -> None:
    async def to_the_portal(_: Request) -> Response:
        return RedirectResponse("https://nobat.example/payments/7", 303)

    services.payment.handler = to_the_portal
    answer = await gateway.get("/api/v1/payments/callback/zarinpal?Authority=A")
    assert answer.status_code == 303
    assert answer.headers["location"] == "https://nobat.example/payments/7"


async def test_a_redirect_to_the_services_own_address_does_not_reveal_it(
    gateway: httpx.AsyncClient, services: Services
) -> None:
    async def elsewhere(_: Request) -> Response:
        return RedirectResponse(f"{services.sales.url}/api/v1/plans/7", 307)

    services.sales.handler = elsewhere
    assert (await gateway.get("/api/v1/plans")).headers["location"] == "/api/v1/plans/7"


ORIGIN = "https://shop.example"


async def test_an_origin_on_the_list_may_read_answers(start_gateway: StartGateway) -> None:
    gateway = await start_gateway(cors_origins=f"{ORIGIN}, https://other.example")
    answer = await gateway.get("/api/v1/plans", headers={"Origin": ORIGIN})
    assert answer.headers["access-control-allow-origin"] == ORIGIN
    assert "origin" in answer.headers["vary"]
    assert "access-control-allow-credentials" not in answer.headers


@pytest.mark.parametrize(
    "origin",
    [
        "null",
        "https://shop.example.evil.example",
        "https://evilshop.example",
        "https://evil.example/https://shop.example",
        "http://shop.example",
        "https://shop.example:8443",
        "https://SHOP.example",
        "https://sub.shop.example",
        "*",
    ],
)
async def test_any_other_origin_may_not(start_gateway: StartGateway, origin: str) -> None:
    gateway = await start_gateway(cors_origins=f"{ORIGIN},null")
    preflight = {"Origin": origin, "Access-Control-Request-Method": "POST"}
    for answer in (
        await gateway.get("/api/v1/plans", headers={"Origin": origin}),
        await gateway.options("/api/v1/orders", headers=preflight),
    ):
        assert not any(name.startswith("access-control") for name in answer.headers)


async def test_a_preflight_is_answered_without_asking_a_service(
    start_gateway: StartGateway, services: Services
) -> None:
    gateway = await start_gateway(cors_origins=ORIGIN)
    answer = await gateway.options(
        "/api/v1/orders", headers={"Origin": ORIGIN, "Access-Control-Request-Method": "POST"}
    )
    assert answer.status_code == 204
    assert answer.headers["access-control-allow-origin"] == ORIGIN
    assert "Idempotency-Key" in answer.headers["access-control-allow-headers"]
    assert not services.sales.requests
