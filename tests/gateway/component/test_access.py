"""The token check and the rate limits."""

import asyncio
from base64 import urlsafe_b64encode
from collections.abc import Awaitable, Callable
from uuid import uuid4

import httpx
import pytest
from cryptography.hazmat.primitives import serialization

from chassis.testing.eventually import eventually
from chassis.testing.tokens import TestKeys
from gateway.testing import Services

StartGateway = Callable[..., Awaitable[httpx.AsyncClient]]
ProblemOf = Callable[[httpx.Response], str]


async def test_a_good_token_passes_and_is_passed_on(
    gateway: httpx.AsyncClient, services: Services, login: dict[str, str]
) -> None:
    assert (await gateway.get("/api/v1/me", headers=login)).status_code == 200
    assert services.identity.last.headers["authorization"] == login["Authorization"]


@pytest.mark.parametrize(
    "path", ["/api/v1/me", "/api/v1/orders", "/api/v1/orders/7", "/api/v1/bills/7", "/api/v1/staff/plans"]
)
async def test_a_route_that_needs_a_token_refuses_its_absence(
    gateway: httpx.AsyncClient, services: Services, problem_of: ProblemOf, path: str
) -> None:
    answer = await gateway.get(path)
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == "Bearer"
    assert problem_of(answer) == "unauthenticated"
    assert all(not service.requests for service in vars(services).values())


def wrong_tokens(keys: TestKeys) -> list[str]:
    good = keys.token(uuid4())
    head, claims, signature = good.split(".")
    foreign = TestKeys().token(uuid4())
    return [
        "Bearer",
        "Bearer nonsense",
        f"Bearer {foreign}",
        f"Bearer {keys.token(uuid4(), lifetime=-1)}",
        f"Bearer {head}.{claims}.",
        f"Bearer {head}.{claims}.{signature[:-4]}AAAA",
        f"Bearer {good} {good}",
        f"Basic {good}",
        good,
        "",
    ]


@pytest.mark.parametrize("number", range(10))
async def test_a_wrong_token_is_refused_where_one_is_needed(
    gateway: httpx.AsyncClient, services: Services, keys: TestKeys, problem_of: ProblemOf, number: int
) -> None:
    answer = await gateway.get("/api/v1/orders", headers={"Authorization": wrong_tokens(keys)[number]})
    assert answer.status_code == 401
    assert problem_of(answer) == "unauthenticated"
    assert not services.sales.requests


async def test_a_public_route_neither_judges_nor_passes_on_a_token(
    gateway: httpx.AsyncClient, services: Services, keys: TestKeys
) -> None:
    expired = {"Authorization": f"Bearer {keys.token(uuid4(), lifetime=-1)}"}
    answer = await gateway.post("/api/v1/sessions/refresh", json={"refresh_token": "r"}, headers=expired)
    assert answer.status_code == 200
    assert "authorization" not in services.identity.last.headers


def jwks(keys: TestKeys) -> dict[str, list[dict[str, str]]]:
    raw = keys.private_key.public_key().public_bytes(
        serialization.Encoding.Raw, serialization.PublicFormat.Raw
    )
    x = urlsafe_b64encode(raw).rstrip(b"=").decode()
    return {"keys": [{"kty": "OKP", "crv": "Ed25519", "kid": keys.key_id, "x": x, "alg": "EdDSA"}]}


async def test_keys_come_from_identity_and_without_them_nobody_passes(
    start_gateway: StartGateway,
    services: Services,
    keys: TestKeys,
    login: dict[str, str],
    problem_of: ProblemOf,
) -> None:
    gateway = await start_gateway(keys=None, jwks_url=f"{services.identity.url}/.well-known/jwks.json")
    services.identity.answers({}, status=500)
    refused = await gateway.get("/api/v1/orders", headers=login)
    assert refused.status_code == 503
    assert problem_of(refused) == "unavailable"
    assert not services.sales.requests
    services.identity.answers(jwks(keys))
    await eventually(
        lambda: gateway.get("/api/v1/orders", headers=login), until=lambda answer: answer.status_code == 200
    )


TIGHT = {
    name: {"address": {"per_second": 0.001, "burst": 3}, "subject": {"per_second": 0.001, "burst": 2}}
    for name in ("credentials", "read", "write", "lookup")
}


async def test_an_address_that_asks_too_much_is_told_to_wait(
    start_gateway: StartGateway, services: Services, problem_of: ProblemOf
) -> None:
    gateway = await start_gateway(limits=TIGHT)
    answers = [await gateway.post("/api/v1/sessions", json={}) for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert problem_of(answers[-1]) == "too_many_requests"
    assert int(answers[-1].headers["retry-after"]) > 0
    assert len(services.identity.requests) == 3
    assert (await gateway.get("/api/v1/plans")).status_code == 200


async def test_a_person_is_limited_apart_from_others_behind_the_same_address(
    start_gateway: StartGateway, keys: TestKeys
) -> None:
    wide = {name: {**limit, "address": {"per_second": 100, "burst": 100}} for name, limit in TIGHT.items()}
    gateway = await start_gateway(limits=wide)
    one, other = keys.authorization(uuid4()), keys.authorization(uuid4())
    statuses = [(await gateway.get("/api/v1/me", headers=one)).status_code for _ in range(3)]
    assert statuses == [200, 200, 429]
    assert (await gateway.get("/api/v1/me", headers=other)).status_code == 200


async def test_a_spoofed_address_does_not_move_the_limit(start_gateway: StartGateway) -> None:
    gateway = await start_gateway(limits=TIGHT)
    statuses = [
        (await gateway.get("/api/v1/plans", headers={"X-Forwarded-For": f"1.2.3.{n}"})).status_code
        for n in range(4)
    ]
    assert statuses == [200, 200, 200, 429]


PORTAL_KEY = "what-the-portal-knows"


async def statuses_from_elsewhere(gateway: httpx.AsyncClient, times: int, key: str) -> list[int]:
    """Of requests that each name another address, with the portal's key or what is said to be it."""
    named = [{"X-Portal-Key": key, "X-Forwarded-For": f"1.2.3.{n}"} for n in range(times)]
    return [(await gateway.get("/api/v1/plans", headers=headers)).status_code for headers in named]


@pytest.mark.parametrize(
    ("portal_key", "sent"),
    [(PORTAL_KEY, "what-somebody-guesses"), (PORTAL_KEY, ""), ("", PORTAL_KEY), ("", "")],
)
async def test_a_pretended_portal_does_not_move_the_limit(
    start_gateway: StartGateway, portal_key: str, sent: str
) -> None:
    gateway = await start_gateway(limits=TIGHT, portal_key=portal_key)
    assert await statuses_from_elsewhere(gateway, 4, sent) == [200, 200, 200, 429]


async def test_the_portals_visitors_have_a_limit_of_their_own_each(start_gateway: StartGateway) -> None:
    gateway = await start_gateway(limits=TIGHT, portal_key=PORTAL_KEY)
    assert await statuses_from_elsewhere(gateway, 6, PORTAL_KEY) == [200] * 6


async def test_behind_a_trusted_proxy_each_client_has_a_limit_of_its_own(
    start_gateway: StartGateway,
) -> None:
    gateway = await start_gateway(limits=TIGHT, trusted_proxies="127.0.0.1")
    statuses = [
        (await gateway.get("/api/v1/plans", headers={"X-Forwarded-For": f"9.9.9.9, 1.2.3.{n}"})).status_code
        for n in range(6)
    ]
    assert statuses == [200] * 6


async def test_the_limits_can_be_switched_off(start_gateway: StartGateway) -> None:
    gateway = await start_gateway(limits=TIGHT, limit_factor=0)
    answers = await asyncio.gather(*(gateway.post("/api/v1/sessions", json={}) for _ in range(20)))
    assert {answer.status_code for answer in answers} == {200}
