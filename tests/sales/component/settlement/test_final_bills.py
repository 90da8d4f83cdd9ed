"""The rest of the price and the late fees, when a buyer asks for their bills."""

from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import text

MILLION = 1_000_000


async def test_the_rest_of_the_price_is_billed_and_settles_the_contract(sign):
    deal = await sign()
    asked = await deal.ask("principal", key="one-and-only")
    assert asked.status_code == 201, asked.text
    bill = asked.json()
    assert (bill["purpose"], bill["amount"], bill["state"]) == ("principal", 600 * MILLION, "open")
    assert (await deal.ask("principal", key="one-and-only")).json() == bill
    assert (await deal.ask("principal")).json() == bill
    [requested] = await deal.requested()
    assert (requested["bill_id"], requested["payable_late"]) == (bill["id"], False)
    await deal.pay("principal", bill["amount"], bill["id"])
    order = await deal.order()
    assert order["state"] == "settled"
    assert [entry["state"] for entry in order["timeline"]][-3:] == [
        "contract_active",
        "settled",
        "fully_paid",
    ]


async def test_a_fully_prepaid_order_is_settled_at_once(sign):
    deal = await sign(prepayment=1_000 * MILLION)
    order = await deal.order()
    states = [entry["state"] for entry in order["timeline"]]
    assert states == ["awaiting_payment", "paid", "contract_active", "settled", "fully_paid"]


@pytest.mark.parametrize("purpose", ["principal", "penalty"])
async def test_what_is_not_owed_is_refused_by_the_name_of_the_rule(sign, purpose):
    deal = await sign(prepayment=1_000 * MILLION)
    refused = await deal.ask(purpose)
    assert (refused.status_code, refused.json()["code"]) == (409, "nothing_owed")
    assert refused.json()["rule"] == f"{purpose}_owed"


async def test_an_order_without_a_contract_has_no_final_bill(sign):
    deal = await sign(paid=False)
    refused = await deal.ask("principal")
    assert (refused.status_code, refused.json()["rule"]) == (409, "under_contract")


async def test_another_purpose_and_another_buyer_are_refused(sign):
    deal = await sign()
    assert (await deal.ask("fee")).status_code == 422
    deal.buyer = uuid4()
    assert (await deal.ask("principal")).status_code == 404
    assert (await deal.get("/schedule")).status_code == 404


async def test_a_bill_that_was_not_paid_in_time_is_withdrawn_and_may_be_asked_for_again(sign):
    deal = await sign()
    first = (await deal.ask("principal")).json()
    deal.office.clock.set(datetime.fromisoformat(first["due_at"]) + timedelta(seconds=1))
    await deal.run("sales.stale_bills")
    [withdrawn] = await deal.office.published("sales.bill_withdrawn.v1")
    assert withdrawn["bill_id"] == first["id"]
    await deal.pay("principal", first["amount"], first["id"])
    assert len(await deal.office.published("sales.payment_declined.v1")) == 1
    second = (await deal.ask("principal")).json()
    assert second["id"] != first["id"]
    await deal.pay("principal", second["amount"], second["id"])
    assert (await deal.order())["state"] == "settled"


async def test_the_price_of_the_day_is_taken_where_the_terms_say_so(sign):
    deal = await sign(terms={"price_policy": "day_price"})
    async with deal.office.database.transaction() as session:
        order = await deal.order()
        await session.execute(
            text("UPDATE offerings SET price = 1200000000 WHERE plan_id = :plan"), {"plan": order["plan_id"]}
        )
    assert (await deal.ask("principal")).json()["amount"] == 800 * MILLION
    assert (await deal.order())["timeline"][-1]["state"] == "repriced"


async def test_no_more_than_the_price_is_ever_taken(sign):
    deal = await sign()
    bill = (await deal.ask("principal")).json()
    await deal.pay("principal", 601 * MILLION)
    assert len(await deal.office.published("sales.payment_declined.v1")) == 1
    await deal.pay("principal", bill["amount"], bill["id"])
    assert (await deal.schedule())["outstanding"] == 0
