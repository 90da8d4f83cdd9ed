"""Who may ask: tokens at the door of every route that needs one, roles at those of staff."""

from uuid import uuid4

import pytest

ME, STAFF = "/api/v1/me", "/api/v1/staff/things"


async def test_a_good_token_opens(probe):
    subject = uuid4()
    answer = await probe.client.get(ME, headers=probe.keys.authorization(subject))
    assert answer.json() == {"subject": str(subject)}


@pytest.mark.parametrize(
    "authorization",
    [
        "",
        "Bearer",
        "Bearer ",
        "Basic dXNlcjpwYXNz",
        "Token x",
        "Bearer x.y.z",
        "bearer\tx",
        "Bearer é",
        "Bearer null",
    ],
)
async def test_anything_else_is_told_to_log_in(probe, authorization):
    headers = [(b"authorization", authorization.encode("latin-1"))]
    answer = await probe.client.get(ME, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (401, "unauthenticated")
    assert answer.headers["www-authenticate"] == "Bearer"


async def test_a_token_elsewhere_than_in_its_header_is_not_seen(probe):
    token = probe.keys.token(uuid4())
    cookies = {"Cookie": f"access_token={token}; authorization=Bearer {token}"}
    answer = await probe.client.get(ME, params={"access_token": token}, headers=cookies)
    assert answer.status_code == 401


async def test_headers_that_pretend_to_be_the_gateway_name_nobody(probe):
    pretended = {
        "X-User-Id": str(uuid4()),
        "X-Roles": "admin",
        "X-Forwarded-User": "admin",
        "X-Principal": "{}",
    }
    assert (await probe.client.get(STAFF, headers=pretended)).status_code == 401


async def test_an_expired_token_is_refused_even_if_it_passed_before(probe):
    headers = probe.keys.authorization(uuid4())
    assert (await probe.client.get(ME, headers=headers)).status_code == 200
    probe.clock.advance(minutes=11)
    assert (await probe.client.get(ME, headers=headers)).status_code == 401


@pytest.mark.parametrize(
    ("roles", "status"),
    [
        ([], 403),
        (["buyer"], 403),
        (["Manager"], 403),
        (["manager "], 403),
        (["manager"], 200),
        (["x", "admin"], 200),
    ],
)
async def test_a_staff_route_asks_for_one_of_its_roles(probe, roles, status):
    answer = await probe.client.get(STAFF, headers=probe.keys.authorization(uuid4(), roles))
    assert answer.status_code == status


async def test_a_permission_that_is_not_in_the_table_belongs_to_nobody(probe):
    headers = probe.keys.authorization(uuid4(), ["admin", "manager", "secrets.read", ""])
    answer = await probe.client.get("/api/v1/staff/secrets", headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")


async def test_nobody_passes_while_no_token_can_be_judged(start):
    probe = await start(with_keys=False)
    for path in (ME, STAFF):
        answer = await probe.client.get(path, headers=probe.keys.authorization(uuid4(), ["admin"]))
        assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
        assert answer.headers["retry-after"] == "1"
