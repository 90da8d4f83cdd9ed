"""The staff behind what buyers see, and plans of their own for single stories."""

from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest

from identity.staff.domain import StaffRole
from nobat.testing.person import Person
from nobat.testing.plan import plan_form
from nobat.testing.system import System
from nobat.testing.visitor import Json, Visitor

PublishPlan = Callable[..., Awaitable[Json]]


async def staff(
    role: StaffRole, system: System, api: httpx.AsyncClient, simulators: httpx.AsyncClient
) -> Visitor:
    visitor = Visitor(api, simulators, Person.of_staff(role, system.staff_password))
    await visitor.log_in()
    return visitor


@pytest.fixture(scope="session")
async def manager(system: System, api: httpx.AsyncClient, simulators: httpx.AsyncClient) -> Visitor:
    """The demonstration's sales manager, logged in with the second factor."""
    return await staff("manager", system, api, simulators)


@pytest.fixture(scope="session")
async def admin(system: System, api: httpx.AsyncClient, simulators: httpx.AsyncClient) -> Visitor:
    return await staff("admin", system, api, simulators)


@pytest.fixture(scope="session")
def publish_plan(manager: Visitor) -> PublishPlan:
    """Has the manager publish a plan; what is not said makes it open and ample."""

    async def publish(**changes: Any) -> Json:
        plan = await manager.post("/staff/plans", plan_form(**changes))
        published = await manager.post(f"/staff/plans/{plan['plan_id']}/publication", expected=200)
        await manager.until_known_everywhere(published["plan_id"])
        return published

    return publish


@pytest.fixture(scope="session")
async def dealership_id(api: httpx.AsyncClient) -> str:
    """The dealership of the province that test buyers live in."""
    found = await api.get("/api/v1/dealerships", params={"province": Person.number(0).province.value})
    return str(found.raise_for_status().json()["items"][0]["dealership_id"])


@pytest.fixture
def new_member(api: httpx.AsyncClient, simulators: httpx.AsyncClient) -> Callable[[], Awaitable[Visitor]]:
    """Makes one more person with an account."""

    async def join() -> Visitor:
        visitor = Visitor(api, simulators, Person.random())
        await visitor.join()
        return visitor

    return join
