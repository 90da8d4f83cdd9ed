"""Whoever listens, a token that identity did not make for us now is refused, and for its own sake."""

from uuid import UUID, uuid4

import pytest

from chassis.testing.forgeries import forgeries
from nobat.testing.operations import operations

DOORS = ("gateway", "identity", "sales", "payment", "notify")
ASKED = {
    "gateway": ("GET", "/api/v1/orders"),
    "identity": ("GET", "/api/v1/me"),
    "sales": ("GET", "/api/v1/orders"),
    "payment": ("GET", "/api/v1/bills"),
    "notify": ("GET", "/api/v1/messages"),
}


@pytest.mark.parametrize("door", DOORS)
async def test_a_forged_token_opens_no_door(city, door):
    method, path = ASKED[door]
    headers = await city.inhabitant()
    assert (await city.doors[door].request(method, path, headers=headers)).status_code != 401
    for what, token in forgeries(city.keys, uuid4()).items():
        refused = await city.doors[door].request(method, path, headers={"Authorization": f"Bearer {token}"})
        assert (refused.status_code, refused.json()["code"]) == (401, "unauthenticated"), what
        assert refused.headers["www-authenticate"] == "Bearer"


async def test_the_routes_that_go_their_own_way_check_tokens_the_same(city):
    protected = {(op.method, op.path) for op in operations(city.document) if op.is_protected}
    direct = [
        (name, *place)
        for name, service in city.services.items()
        for place in service.direct
        if place in protected
    ]
    assert direct
    for name, method, path in direct:
        for what, token in forgeries(city.keys, uuid4(), ("admin",)).items():
            headers = {"Authorization": f"Bearer {token}"}
            refused = await city.doors[name].request(method, path, json={}, headers=headers)
            assert refused.status_code == 401, (path, what)


async def test_every_protected_operation_refuses_every_kind_of_stranger(city):
    """Through the gateway and at the service itself, as the merged document lists them."""
    chosen = ("no signature", "header alg='none'", "claim aud='nobat-refresh'", "attacker's key ", "expired")
    tokens = forgeries(city.keys, UUID(int=1), ("admin", "manager"))
    protected = [operation for operation in operations(city.document) if operation.is_protected]
    assert len(protected) > 15
    for operation in protected:
        for what in chosen:
            headers = {"Authorization": f"Bearer {tokens[what]}"}
            refused = await city.doors["gateway"].request(
                operation.method, operation.at(), json={}, headers=headers
            )
            assert refused.status_code == 401, (str(operation), what)


def test_there_are_many_ways_to_forge(city):
    assert len(forgeries(city.keys, uuid4())) > 70
