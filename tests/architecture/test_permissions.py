"""Role x route, over the real APIs: what docs/permissions.md allows is let in, everything else is 403.

The document is the golden table: a change of who may do what shows up in its difference.
"""

import re
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID, uuid4

import httpx
import pytest
from fastapi import APIRouter, Depends, FastAPI

from chassis.auth import Principal, TokenVerifier
from chassis.database import Database
from chassis.permissions import STAFF_PREFIX, Permissions, permitted
from chassis.service import Service, create_api
from chassis.testing.tokens import TestKeys
from identity.staff.domain import ROLES
from nobat.generation.permissions import PAGE
from nobat.generation.services import services
from nobat.generation.staff_routes import faults, route_faults, routes_of, staff_routes, table_faults
from nobat.parts import PARTS
from nobat.secret_store import MAKERS, Secrets
from nobat.topology import SERVICES, Servers, describe

NOWHERE = "postgresql+asyncpg://x:y@127.0.0.1:1/x"
BODY = {"POST", "PUT", "PATCH"}


@dataclass(frozen=True)
class Operation:
    """One operation of a service's OpenAPI document."""

    app: FastAPI
    method: str
    path: str

    def __str__(self) -> str:
        return f"{self.method} {self.path}"

    async def call(self, headers: dict[str, str]) -> int:
        """The status for made-up ids and an empty object; there is no database behind it."""
        path = re.sub(r"\{[^}]+\}", str(UUID(int=0)), self.path)
        transport = httpx.ASGITransport(self.app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://service") as client:
            body: object = {} if self.method in BODY else None
            return (await client.request(self.method, path, json=body, headers=headers)).status_code


@pytest.fixture(scope="module")
def keys() -> TestKeys:
    return TestKeys()


@pytest.fixture(scope="module")
async def operations(keys: TestKeys) -> AsyncIterator[list[Operation]]:
    """The operations of staff of all services."""
    secrets = Secrets({name: make() for name, make in MAKERS.items()})
    topology = describe(Servers(dict.fromkeys(SERVICES, NOWHERE), dict.fromkeys(SERVICES, NOWHERE)), secrets)
    builds: dict[str, Callable[..., Service]] = {name: PARTS[name].build for name in SERVICES}
    built = [
        build(PARTS[name].settings_of(topology.find(f"{name}.api.1").env), keys=keys)
        for name, build in builds.items()
    ]
    yield [operation for service in built for operation in _of_staff(create_api(service))]
    for service in built:
        await service.database.close()


def _of_staff(app: FastAPI) -> Iterator[Operation]:
    paths: dict[str, Any] = app.openapi()["paths"]
    for path in (path for path in paths if path.startswith(STAFF_PREFIX)):
        yield from (Operation(app, method.upper(), path) for method in paths[path])


@pytest.fixture(scope="module")
def allowed(root: Path) -> dict[str, set[str]]:
    """The roles of each route in the document."""
    lines = (root / PAGE).read_text().splitlines()
    tables = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line[:1] == "|"]
    roles = tables[0][2:]
    return {
        row[0].strip("`"): {role for role, cell in zip(roles, row[2:], strict=True) if cell == "yes"}
        for row in tables
        if row[0].startswith("`")
    }


def test_the_document_has_every_operation_of_staff_and_no_other(operations, allowed):
    assert {str(operation) for operation in operations} == set(allowed)
    assert all(roles <= ROLES for roles in allowed.values())


async def test_each_role_is_let_in_where_the_document_says_so_and_refused_elsewhere(
    operations, allowed, keys
):
    wrong = [
        f"{operation}: {role or 'no role'} got {status}"
        for operation in operations
        for role in (*sorted(ROLES), "buyer", "")
        for status in [await operation.call(keys.authorization(uuid4(), [role] if role else []))]
        if (status != 403) != (role in allowed[str(operation)]) or status == 401
    ]
    assert wrong == []


async def test_several_roles_allow_what_each_of_them_allows(operations, allowed, keys):
    pair = {"care", "manager"}
    for operation in operations:
        status = await operation.call(keys.authorization(uuid4(), pair))
        assert (status != 403) == bool(pair & allowed[str(operation)]), str(operation)


async def test_nobody_at_all_is_let_in(operations):
    pretended = {"X-Roles": "admin", "X-User-Id": str(uuid4())}
    assert {await operation.call(headers) for operation in operations for headers in ({}, pretended)} == {401}


def test_no_route_and_no_table_is_at_fault():
    assert faults() == []


def made_up(path: str, permission: str | None, table: dict[str, set[str]]) -> Service:
    """A service with one route, which asks for ``permission``."""
    router = APIRouter()
    if permission is None:

        @router.get(path)
        async def unguarded() -> None: ...

    else:

        @router.get(path)
        async def guarded(_: Annotated[Principal, Depends(permitted(permission))]) -> None: ...

    return Service(
        name="made_up",
        database=Database(NOWHERE),
        verifier=TokenVerifier(TestKeys()),
        migrations=Path(),
        routers=[router],
        permissions=Permissions(table),
    )


@pytest.mark.parametrize(
    ("path", "permission", "fault"),
    [
        ("/staff/things", None, "must ask for a permission"),
        ("/staff/things", "things.write", "made_up has no permission things.write"),
        ("/things", "things.read", "belongs under /api/v1/staff/"),
        ("/staff/things", "things.read", None),
        ("/things", None, None),
    ],
)
def test_a_new_route_without_a_policy_is_a_fault(path, permission, fault):
    found = list(route_faults(routes_of(made_up(path, permission, {"things.read": {"care"}}))))
    assert len(found) == (fault is not None)
    assert all(str(fault) in sentence for sentence in found)


def test_a_permission_for_a_role_that_does_not_exist_is_a_fault():
    service = made_up("/things", None, {"things.read": {"care", "emperor"}})
    assert list(table_faults([service])) == ["made_up: things.read is given to emperor, which is no role"]


def test_every_permission_of_a_table_is_asked_for_by_a_route():
    asked = {(route.service, route.permission) for route in staff_routes()}
    listed = {(service.name, name) for service in services() for name in service.permissions.table}
    assert listed - asked == set()
