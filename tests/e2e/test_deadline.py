"""Orders that are not paid in time, and money that comes after it."""

from collections.abc import Awaitable, Callable

from chassis.testing.eventually import eventually
from nobat.testing.visitor import Json, Visitor

PublishPlan = Callable[..., Awaitable[Json]]


async def test_an_unpaid_order_lapses_and_the_car_is_free_again(
    buyer: Visitor, publish_plan: PublishPlan, dealership_id: str
) -> None:
    plan = await publish_plan(pay_within="PT3S", car={"capacity": 1})
    placed = await buyer.order(plan, dealership_id)

    order = await buyer.order_in_state(placed["order_id"], "lapsed")

    assert order["next_step"]["action"] == "none"
    await buyer.text_with("پایان یافت و خودرو آزاد شد", placed["request_number"])

    async def look() -> Json:
        return await buyer.get(f"/plans/{plan['plan_id']}")

    freed = await eventually(look, lambda seen: seen["offerings"][0]["available"] == 1)
    assert not freed["sold_out"]


async def test_the_bill_of_a_lapsed_order_cannot_be_paid(
    buyer: Visitor, publish_plan: PublishPlan, dealership_id: str
) -> None:
    placed = await buyer.order(await publish_plan(pay_within="PT4S"), dealership_id)
    bill = await buyer.bill_of(placed["order_id"])
    await buyer.order_in_state(placed["order_id"], "lapsed")

    async def look() -> Json:
        return await buyer.get(f"/bills/{bill['id']}")

    await eventually(look, lambda seen: seen["state"] == "cancelled")
    refused = await buyer.post(f"/bills/{bill['id']}/payments", {}, 409)
    assert refused["code"] == "bill_cancelled"


async def test_money_that_comes_after_the_lapse_goes_back(
    buyer: Visitor, publish_plan: PublishPlan, dealership_id: str
) -> None:
    placed = await buyer.order(await publish_plan(pay_within="PT6S"), dealership_id)
    bill = await buyer.bill_of(placed["order_id"])
    started = await buyer.start_payment(bill["id"])
    await buyer.order_in_state(placed["order_id"], "lapsed")

    await buyer.at_the_bank(started["redirect_url"])

    async def look() -> Json:
        return await buyer.get(f"/payments/{started['payment_id']}")

    returned = await eventually(look, lambda seen: seen["state"] in {"reversed", "refunded"})
    await buyer.text_with("به حساب شما برمی‌گردد")
    order = await buyer.get(f"/orders/{placed['order_id']}")
    assert order["state"] == "lapsed"

    async def timeline() -> list[str]:
        page = await buyer.get(f"/orders/{placed['order_id']}")
        return [entry["state"] for entry in page["timeline"]]

    told = f"payment_{returned['state']}"
    await eventually(timeline, lambda states: states == ["awaiting_payment", "lapsed", told])
