"""The purchase as a process: paid in time, lapsed, paid too late."""

from typing import Any
from uuid import UUID, uuid4

from events.payment import BillPaid, PaymentReturned
from iran import has_valid_check_digit
from sales.orders import purchase
from sales.orders.jobs import lapse_overdue


def bill_paid(office, order_id: str, buyer: UUID) -> BillPaid:
    return BillPaid(
        bill_id=uuid4(),
        version=2,
        order_id=UUID(order_id),
        customer_id=buyer,
        purpose="prepayment",
        payment_id=uuid4(),
        amount=900_000_000,
        reference="42",
        paid_at=office.clock(),
    )


async def hear(office, event: BillPaid | PaymentReturned) -> None:
    async with office.database.transaction() as session:
        if isinstance(event, BillPaid):
            await purchase.on_bill_paid(session, event, clock=office.clock)
        else:
            await purchase.on_payment_returned(session, event, clock=office.clock)


async def placed_order(office) -> tuple[dict[str, Any], UUID, str]:
    plan = await office.open_plan()
    [buyer] = await office.customers(1)
    return plan, buyer, (await office.order(buyer, plan)).json()["order_id"]


async def test_the_first_payment_activates_the_contract(office):
    plan, buyer, order_id = await placed_order(office)
    await hear(office, bill_paid(office, order_id, buyer))
    order = (await office.client.get(f"/api/v1/orders/{order_id}", headers=office.buyer(buyer))).json()
    assert order["state"] == "contract_active"
    assert [entry["state"] for entry in order["timeline"]] == ["awaiting_payment", "paid", "contract_active"]
    assert has_valid_check_digit(order["contract_number"])
    assert order["next_step"]["action"] == "wait_for_delivery"
    [event] = await office.published("sales.contract_activated.v1")
    assert event["contract_number"] == order["contract_number"]
    assert await office.sold(plan) == 1


async def test_an_unpaid_order_lapses_after_its_deadline_and_frees_the_car(office):
    plan, buyer, order_id = await placed_order(office)
    office.clock.advance(hours=48)
    await lapse_overdue(office.database, office.clock)
    assert await office.sold(plan) == 1
    office.clock.advance(seconds=1)
    await lapse_overdue(office.database, office.clock)
    await lapse_overdue(office.database, office.clock)
    assert await office.sold(plan) == 0
    order = (await office.client.get(f"/api/v1/orders/{order_id}", headers=office.buyer(buyer))).json()
    assert order["state"] == "lapsed"
    assert len(await office.published("sales.order_lapsed.v1")) == 1


async def test_a_person_whose_order_lapsed_may_order_again(office):
    plan = await office.open_plan(pay_within="PT1M", capacity=1)
    first, second = await office.customers(2)
    await office.order(first, plan)
    assert (await office.order(second, plan)).json()["code"] == "sold_out"
    office.clock.advance(minutes=2)
    await lapse_overdue(office.database, office.clock)
    await office.service.resources[0].refresh()
    assert (await office.order(first, plan)).status_code == 201


async def test_a_payment_that_arrives_after_the_lapse_is_declined(office):
    plan, buyer, order_id = await placed_order(office)
    office.clock.advance(hours=49)
    await lapse_overdue(office.database, office.clock)
    late = bill_paid(office, order_id, buyer)
    await hear(office, late)
    [declined] = await office.published("sales.payment_declined.v1")
    assert (declined["payment_id"], declined["reason"]) == (str(late.payment_id), "order_lapsed")
    assert await office.sold(plan) == 0
    returned = PaymentReturned(
        payment_id=late.payment_id,
        version=3,
        bill_id=late.bill_id,
        order_id=late.order_id,
        customer_id=buyer,
        amount=late.amount,
        method="reversed",
        reason="order_lapsed",
    )
    await hear(office, returned)
    order = (await office.client.get(f"/api/v1/orders/{order_id}", headers=office.buyer(buyer))).json()
    assert [entry["state"] for entry in order["timeline"]] == [
        "awaiting_payment",
        "lapsed",
        "payment_reversed",
    ]


async def test_a_paid_order_does_not_lapse(office):
    plan, buyer, order_id = await placed_order(office)
    await hear(office, bill_paid(office, order_id, buyer))
    office.clock.advance(days=30)
    await lapse_overdue(office.database, office.clock)
    assert await office.sold(plan) == 1
