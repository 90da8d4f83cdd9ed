"""Who is found out between the order and the contract, or before the plate, loses the order and no money."""

from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from chassis.imports import Importer
from events.payment import BillPaid
from iran.samples import national_code

PRICE = 900_000_000
FACTS = "/api/v1/staff/facts/imports"
DELIVERIES = "/api/v1/staff/deliveries/imports"
STEPS = "/api/v1/staff/deliveries/steps"
BAN = f"fact,national_code,source,item\nban,{national_code(0)},court,fraud"
VIN = "NAAA0000000000001"


@pytest.fixture
async def plan(office):
    """A plan that asks for nobody banned, whose cars are paid for with the first bill."""
    rules = {"name": "عادی", "valid_from": "2020-01-01", "rules": [{"name": "not_banned"}]}
    written = await office.client.post("/api/v1/staff/rule-sets", json=rules, headers=office.manager)
    car = office.plan_body()["offerings"][0] | {"price": PRICE, "prepayment": PRICE}
    return await office.open_plan(offerings=[car], rule_set_id=written.json()["rule_set_id"])


@pytest.fixture
async def order_id(office, plan):
    [buyer] = await office.customers(1)
    return UUID((await office.order(buyer, plan)).json()["order_id"])


async def send_in(office, path, content):
    """What became of a file."""
    client, headers = office.client, office.manager
    form = {"file_name": "list.csv", "format": "csv"}
    begun = (await client.post(path, json=form, headers=headers)).json()
    one = f"{path}/{begun['import_id']}"
    await client.put(f"{one}/parts/1", content=content.encode(), headers=headers)
    await client.post(f"{one}/start", json={"parts": 1}, headers=headers)
    importer = next(part for part in office.service.provides if isinstance(part, Importer))
    while await importer.run():
        pass
    errors = (await client.get(f"{one}/errors.csv", headers=headers)).text
    return [line.split(",")[2] for line in errors.lstrip("\ufeff").splitlines()[1:]]


async def pay(office, plan, order_id):
    """As the running service hears of it."""
    [order] = await office.orders_of(plan)
    event = BillPaid(
        bill_id=uuid4(),
        version=2,
        order_id=order_id,
        customer_id=order.customer_id,
        purpose="prepayment",
        payment_id=uuid4(),
        amount=PRICE,
        reference="42",
        paid_at=office.clock(),
    )
    [heard] = [one for one in office.service.subscriptions if one.queue == "sales.purchase"]
    async with office.database.transaction() as session:
        await heard.handlers[BillPaid](session, event)
    return event


async def contract_number(office):
    async with office.database.transaction() as session:
        return (await session.execute(text("SELECT number FROM contracts"))).scalar_one()


async def occasions(office, order_id):
    """In whatever order: the clock stands still, so they are of one time."""
    checks = await office.client.get(f"/api/v1/staff/orders/{order_id}/checks", headers=office.manager)
    return {(check["occasion"], check["passed"]) for check in checks.json()["items"]}


async def step(office, number, name, **detail):
    body = {"contract_number": number, "step": name, **detail}
    return await office.client.post(STEPS, json=body, headers=office.manager)


async def test_who_is_banned_before_paying_gets_no_contract_and_the_money_back(office, plan, order_id):
    await send_in(office, FACTS, BAN)
    payment = await pay(office, plan, order_id)
    [order] = await office.orders_of(plan)
    assert (order.state, order.timeline[-1]["rule"]) == ("voided", "not_banned")
    assert await office.sold(plan) == 0
    [declined] = await office.published("sales.payment_declined.v1")
    assert (declined["payment_id"], declined["reason"]) == (str(payment.payment_id), "order_voided")
    assert await office.published("sales.refund_requested.v1") == []
    assert await occasions(office, order_id) == {("order", True), ("contract", False)}


async def test_who_still_is_eligible_gets_the_contract_and_the_evidence_says_so(office, plan, order_id):
    await pay(office, plan, order_id)
    [order] = await office.orders_of(plan)
    assert order.state == "settled"
    assert await occasions(office, order_id) == {("order", True), ("contract", True)}


async def test_no_plate_is_given_to_who_was_banned_meanwhile_and_all_money_goes_back(office, plan, order_id):
    await pay(office, plan, order_id)
    number = await contract_number(office)
    assert (await step(office, number, "allocated", vin=VIN)).status_code == 201
    assert (await step(office, number, "invoiced", invoice_number="F-1")).status_code == 201
    await send_in(office, FACTS, BAN)

    refused = await step(office, number, "plated", plate="ایران ۱۱ - ۱۲۳ ب ۲۲")

    assert (refused.status_code, refused.json()["code"]) == (409, "buyer_not_eligible")
    [order] = await office.orders_of(plan)
    assert (order.state, order.timeline[-1]["rule"]) == ("voided", "not_banned")
    [refund] = await office.published("sales.refund_requested.v1")
    assert (refund["amount"], refund["reason"]) == (PRICE, "order_voided")
    assert await occasions(office, order_id) == {("order", True), ("contract", True), ("plate", False)}
    again = await step(office, number, "plated", plate="ایران ۱۱ - ۱۲۳ ب ۲۲")
    assert again.json()["code"] == "order_is_over"


async def test_a_file_that_brings_a_car_as_far_as_its_plate_is_checked_too(office, plan, order_id):
    await pay(office, plan, order_id)
    number = await contract_number(office)
    await send_in(office, FACTS, BAN)
    rows = [f"{number},allocated,{VIN},,", f"{number},invoiced,,F-1,", f"{number},plated,,,123"]
    bad = await send_in(
        office, DELIVERIES, "\n".join(["contract_number,step,vin,invoice_number,plate", *rows])
    )
    assert bad == ["buyer_not_eligible"] * 3
    assert [order.state for order in await office.orders_of(plan)] == ["voided"]
