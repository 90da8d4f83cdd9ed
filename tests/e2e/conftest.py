"""The people of the system under test."""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import httpx
import pytest

from nobat.testing.operations import whole_document
from nobat.testing.person import Person
from nobat.testing.plan import plan_form
from nobat.testing.system import System
from nobat.testing.visitor import Json, Visitor

NewVisitor = Callable[[], Visitor]
NewBuyer = Callable[..., Awaitable[Visitor]]
PublishPlan = Callable[..., Awaitable[Json]]


@pytest.fixture(scope="session")
async def api(system: System) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=system.base_url, timeout=30, trust_env=False) as client:
        yield client


@pytest.fixture(scope="session")
async def simulators(system: System) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=system.simulators_url, timeout=30, trust_env=False) as client:
        yield client


@pytest.fixture(scope="session")
async def document(api: httpx.AsyncClient) -> Json:
    """What the system says it does."""
    return await whole_document(api)


@pytest.fixture(scope="session")
def new_visitor(api: httpx.AsyncClient, simulators: httpx.AsyncClient) -> NewVisitor:
    """Makes somebody who has not registered yet."""
    return lambda: Visitor(api, simulators, Person.random())


@pytest.fixture(scope="session")
def new_buyer(new_visitor: NewVisitor) -> NewBuyer:
    """Makes somebody who has an account and is logged in; says what differs in their form."""

    async def join(**changes: object) -> Visitor:
        visitor = new_visitor()
        await visitor.join(**changes)
        return visitor

    return join


@pytest.fixture
async def buyer(new_buyer: NewBuyer) -> Visitor:
    return await new_buyer()


@pytest.fixture(scope="session")
async def manager(system: System, api: httpx.AsyncClient, simulators: httpx.AsyncClient) -> Visitor:
    """The demonstration's sales manager, logged in with the second factor."""
    visitor = Visitor(api, simulators, Person.of_staff("manager", system.staff_password))
    await visitor.log_in()
    return visitor


@pytest.fixture(scope="session")
async def admin(system: System, api: httpx.AsyncClient, simulators: httpx.AsyncClient) -> Visitor:
    visitor = Visitor(api, simulators, Person.of_staff("admin", system.staff_password))
    await visitor.log_in()
    return visitor


@pytest.fixture(scope="session")
async def operator(system: System, api: httpx.AsyncClient, simulators: httpx.AsyncClient) -> Visitor:
    visitor = Visitor(api, simulators, Person.of_staff("operator", system.staff_password))
    await visitor.log_in()
    return visitor


@pytest.fixture(scope="session")
async def no_quiet_hours(manager: Visitor) -> None:
    """Messages in bulk leave, whatever the time of the day is."""
    never = {"quiet_from": "00:00:00", "quiet_until": "00:00:00", "four_eyes_above": 1000}
    answer = await manager.ask("PUT", "/staff/message-run-rules", never)
    assert answer.status_code == httpx.codes.OK, answer.text


@pytest.fixture(scope="session")
def publish_plan(manager: Visitor) -> PublishPlan:
    """Has the manager draft and publish a plan; what is not said makes it open and ample."""

    async def publish(**changes: Any) -> Json:
        plan = await manager.post("/staff/plans", plan_form(**changes))
        published = await manager.post(f"/staff/plans/{plan['plan_id']}/publication", expected=200)
        await manager.until_known_everywhere(published["plan_id"])
        return published

    return publish


@pytest.fixture(scope="session")
async def open_plan(publish_plan: PublishPlan) -> Json:
    return await publish_plan()


@pytest.fixture(scope="session")
async def dealership_id(api: httpx.AsyncClient) -> str:
    """The dealership of the province that test buyers live in."""
    found = await api.get("/api/v1/dealerships", params={"province": Person.number(0).province.value})
    return str(found.raise_for_status().json()["items"][0]["dealership_id"])


@pytest.fixture(scope="session")
async def contract(
    new_buyer: NewBuyer, publish_plan: PublishPlan, dealership_id: str
) -> tuple[Visitor, Json]:
    """Somebody with an active contract, and the order it came from."""
    buyer = await new_buyer()
    placed = await buyer.order(await publish_plan(), dealership_id)
    bill = await buyer.bill_of(placed["order_id"])
    started = await buyer.start_payment(bill["id"])
    await buyer.at_the_bank(started["redirect_url"])
    return buyer, await buyer.order_in_state(placed["order_id"], "contract_active")
