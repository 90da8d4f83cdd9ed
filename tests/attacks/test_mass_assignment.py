"""No body takes a field that it does not name: every property of every schema is tried on every route."""

import pytest

from identity.staff.domain import ROLES
from nobat.testing.operations import nested, operations, property_names

CHUNK = 40
"""Fewer than the findings that an answer lists."""


def writing(city):
    """The operations with an object for a body."""
    return [operation for operation in operations(city.document) if operation.body is not None]


def chunks(names):
    ordered = sorted(names)
    return [ordered[start : start + CHUNK] for start in range(0, len(ordered), CHUNK)]


async def unknown_to(city, operation, body, headers):
    """The fields that the answer calls unknown."""
    answer = await city.doors["gateway"].request(operation.method, operation.at(), json=body, headers=headers)
    assert answer.status_code == 422, f"{operation}: {answer.status_code} {answer.text}"
    return {error["field"] for error in answer.json()["errors"] if error["code"] == "extra_forbidden"}


@pytest.fixture(scope="module")
async def staff(city):
    return await city.inhabitant(*sorted(ROLES))


@pytest.fixture(scope="module")
async def buyer(city):
    return await city.inhabitant()


async def test_a_body_takes_no_property_of_another_schema(city, staff, buyer):
    names = property_names(city.document) | {"id", "is_admin", "role", "password_hash", "__proto__"}
    assert len(names) > 60
    found = writing(city)
    assert found
    for operation in found:
        headers = staff if operation.is_staffs else buyer
        for some in chunks(names - operation.body.get("properties", {}).keys()):
            told = await unknown_to(city, operation, dict.fromkeys(some, "1"), headers)
            assert set(some) <= told, str(operation)


async def test_an_object_within_a_body_takes_none_either(city, staff, buyer):
    names = property_names(city.document)
    inner = [
        (operation, name, schema)
        for operation in writing(city)
        for name, schema in nested(operation.body, city.document)
    ]
    assert inner
    for operation, name, schema in inner:
        headers = staff if operation.is_staffs else buyer
        for some in chunks(names - schema["properties"].keys()):
            told = await unknown_to(city, operation, {name: dict.fromkeys(some, "1")}, headers)
            assert {f"{name}.{field}" for field in some} <= told, str(operation)


async def test_nothing_of_it_was_applied(city, buyer):
    """What an account shows but does not let its owner write stays as it is."""
    gateway = city.doors["gateway"]
    before = (await gateway.get("/api/v1/me", headers=buyer)).json()
    (change,) = (one for one in operations(city.document) if str(one) == "PATCH /api/v1/me")
    assert change.body is not None
    locked = before.keys() - change.body["properties"].keys()
    assert {"customer_id", "roles"} <= locked
    for field in locked:
        refused = await gateway.patch("/api/v1/me", json={field: before[field]}, headers=buyer)
        assert refused.status_code == 422, field
    assert (await gateway.get("/api/v1/me", headers=buyer)).json() == before
