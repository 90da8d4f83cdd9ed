"""The sales manager's day: plans are written, published, watched; they open and close by themselves."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

from chassis.testing.eventually import eventually
from nobat.testing.person import Person
from nobat.testing.plan import order_form, plan_form
from nobat.testing.system import System
from nobat.testing.visitor import Json, Visitor

PublishPlan = Callable[..., Awaitable[Json]]
NewVisitor = Callable[[], Visitor]


async def test_a_password_alone_does_not_let_staff_in(system: System, new_visitor: NewVisitor) -> None:
    visitor = new_visitor()
    visitor.person = Person.of_staff("auditor", system.staff_password)
    credentials = {"national_code": visitor.person.national_code, "password": system.staff_password}

    due = await visitor.post("/sessions", credentials, 202)

    assert due.keys() == {"challenge_id", "method", "expires_at"}


async def test_a_draft_is_private_until_it_is_published(manager: Visitor, buyer: Visitor) -> None:
    draft = await manager.post("/staff/plans", plan_form())
    assert draft["state"] == "draft"
    await buyer.get(f"/plans/{draft['plan_id']}", 404)

    published = await manager.post(f"/staff/plans/{draft['plan_id']}/publication", expected=200)

    assert published["state"] == "open"
    await manager.until_known_everywhere(draft["plan_id"])
    assert (await buyer.get(f"/plans/{draft['plan_id']}"))["state"] == "open"


async def test_a_manager_watches_what_is_sold(
    manager: Visitor, buyer: Visitor, publish_plan: PublishPlan, dealership_id: str
) -> None:
    plan = await publish_plan()
    await buyer.order(plan, dealership_id)

    watched = await manager.get(f"/staff/plans/{plan['plan_id']}")

    assert watched["orders"] == {"awaiting_payment": 1}
    assert watched["offerings"][0]["sold"] == 1


async def test_a_plan_opens_and_closes_by_itself(
    buyer: Visitor, publish_plan: PublishPlan, dealership_id: str
) -> None:
    now = datetime.now(UTC)
    opens_at, closes_at = now + timedelta(seconds=4), now + timedelta(seconds=8)
    plan = await publish_plan(opens_at=opens_at.isoformat(), closes_at=closes_at.isoformat())
    assert plan["state"] == "published"
    early = await buyer.post("/orders", order_form(plan, dealership_id), 409)
    assert early["code"] == "plan_not_open"

    async def look() -> Json:
        return await buyer.get(f"/plans/{plan['plan_id']}")

    await eventually(look, lambda seen: seen["state"] == "open")
    await eventually(look, lambda seen: seen["state"] == "closed")
    late = await buyer.post("/orders", order_form(plan, dealership_id), 409)
    assert late["code"] == "plan_not_open"


async def test_a_buyer_is_not_let_into_the_managers_rooms(buyer: Visitor, open_plan: Json) -> None:
    assert (await buyer.post("/staff/plans", plan_form(), 403))["code"] == "forbidden"
    assert (await buyer.get(f"/staff/plans/{open_plan['plan_id']}", 403))["code"] == "forbidden"
