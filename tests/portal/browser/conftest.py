"""The staff behind what buyers see, and plans of their own for single stories."""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any
from uuid import uuid4

import httpx
import pytest
from playwright.async_api import Browser

from identity.staff.domain import StaffRole
from nobat.testing.person import Person
from nobat.testing.plan import plan_form
from nobat.testing.system import System
from nobat.testing.visitor import Json, Visitor
from nobat.testing.window import Window, log_in, window_of

PublishPlan = Callable[..., Awaitable[Json]]
PARTICULARS = ("father_name", "birth_date", "gender", "education", "occupation", "iban", "address")
EVERYTHING: list[StaffRole] = ["manager", "operator", "care", "finance", "auditor"]


@pytest.fixture(scope="session")
async def manager(admin: Visitor) -> Visitor:
    """Somebody of the sales department."""
    visitor = await invited(admin, ["manager"])
    await visitor.log_in()
    return visitor


@pytest.fixture(scope="session")
async def admin(system: System, api: httpx.AsyncClient, simulators: httpx.AsyncClient) -> Visitor:
    """The demonstration's admin. Others of the staff are invited: each mobile gets few codes."""
    visitor = Visitor(api, simulators, Person.of_staff("admin", system.staff_password))
    await visitor.log_in()
    return visitor


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


async def invited(admin: Visitor, roles: list[StaffRole], **changes: str) -> Visitor:
    """Somebody new on the staff."""
    visitor = Visitor(admin.api, admin.simulators, Person.random())
    form = visitor.person.form()
    named = {name: form[name] for name in ("national_code", "mobile", "first_name", "last_name")}
    sent = await admin.post(
        "/staff/members/invitations", named | {"roles": roles} | changes, key=str(uuid4())
    )
    particulars = {name: form[name] for name in PARTICULARS}
    answer = {
        "national_code": form["national_code"],
        "password": form["password"],
        "particulars": particulars,
    }
    path = f"/staff-invitations/{sent['invitation_id']}"
    await visitor.post(path, answer | {"code": await visitor.new_code(after=0)})
    return visitor


@pytest.fixture(scope="session")
async def colleagues(browser: Browser, system: System, admin: Visitor) -> AsyncIterator[list[Window]]:
    """The windows of two people at the desk, who may do everything there between them."""
    windows = [await window_of(browser, system.base_url, "desktop") for _ in range(2)]
    for window in windows:
        await log_in(window, await invited(admin, EVERYTHING))
    yield windows
    for window in windows:
        await window.page.context.close()


@pytest.fixture(scope="session")
async def dealer(
    browser: Browser, system: System, admin: Visitor, dealership_id: str
) -> AsyncIterator[Window]:
    """The window of somebody at that dealership."""
    window = await window_of(browser, system.base_url, "phone")
    await log_in(window, await invited(admin, ["dealer"], dealership_id=dealership_id))
    yield window
    await window.page.context.close()
