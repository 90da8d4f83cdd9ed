"""Instalments are billed in time, paid, and cost a fee when they are late."""

from datetime import date, timedelta
from uuid import uuid4

MILLION = 1_000_000


async def billed(deal, days):
    """The newest bill that payment was asked for, so many days later."""
    deal.office.clock.advance(days=days)
    await deal.run("sales.instalments")
    return (await deal.requested())[-1]


async def test_the_schedule_is_written_down_with_the_contract(by_instalments):
    schedule = await by_instalments.schedule()
    assert [row["amount"] for row in schedule["instalments"]] == [200 * MILLION] * 3
    assert {row["state"] for row in schedule["instalments"]} == {"coming"}
    assert (schedule["price"], schedule["paid"], schedule["outstanding"]) == (
        1_000 * MILLION,
        400 * MILLION,
        600 * MILLION,
    )


async def test_each_instalment_is_billed_once_ten_days_before_it_is_due(by_instalments):
    await by_instalments.run("sales.instalments")
    assert await by_instalments.requested() == []
    bill = await billed(by_instalments, 20)
    await by_instalments.run("sales.instalments")
    [only] = await by_instalments.requested()
    assert only == bill
    assert (bill["purpose"], bill["amount"], bill["payable_late"]) == ("instalment", 200 * MILLION, True)
    [first, *_] = (await by_instalments.schedule())["instalments"]
    assert (first["state"], first["bill_id"]) == ("billed", bill["bill_id"])


async def test_a_contract_by_instalments_moves_on_at_once_and_is_paid_in_the_end(by_instalments):
    assert (await by_instalments.order())["state"] == "settled"
    for days in (20, 30, 30):
        assert await by_instalments.office.published("sales.order_settled.v1") == []
        bill = await billed(by_instalments, days)
        await by_instalments.pay("instalment", bill["amount"], bill["bill_id"])
    order = await by_instalments.order()
    states = [entry["state"] for entry in order["timeline"]]
    assert states == ["awaiting_payment", "paid", "contract_active", "settled", "fully_paid"]
    [settled] = await by_instalments.office.published("sales.order_settled.v1")
    assert settled["contract_number"] == order["contract_number"]
    schedule = await by_instalments.schedule()
    assert (schedule["outstanding"], schedule["late_fee"]) == (0, 0)
    assert schedule["settled_at"] is not None


async def test_being_late_costs_a_fee_until_each_part_comes_and_is_billed_by_itself(by_instalments):
    bill = await billed(by_instalments, 20)
    by_instalments.office.clock.advance(days=20)
    await by_instalments.pay_part(bill["bill_id"], 100 * MILLION, 100 * MILLION)
    by_instalments.office.clock.advance(days=10)
    late = (await by_instalments.schedule())["instalments"][0]
    expected = (100 * MILLION * 1_800 * 10 + 100 * MILLION * 1_800 * 20) // 3_650_000 // 1_000 * 1_000
    assert (late["state"], late["late_fee"]) == ("late", expected)
    assert [(line["base"], line["days"]) for line in late["late_fee_lines"]] == [
        (100 * MILLION, 10),
        (100 * MILLION, 20),
    ]
    await by_instalments.pay("instalment", bill["amount"], bill["bill_id"])
    by_instalments.office.clock.advance(days=5)
    assert (await by_instalments.schedule())["late_fee_owed"] == expected


async def test_a_contract_is_settled_only_when_the_late_fee_is_paid_too(by_instalments):
    deal = by_instalments
    bill = await billed(deal, 20)
    deal.office.clock.advance(days=20)
    await deal.pay("instalment", bill["amount"], bill["bill_id"])
    rest = (await deal.ask("principal")).json()
    assert rest["amount"] == 400 * MILLION
    await deal.pay("principal", rest["amount"], rest["id"])
    assert await deal.office.published("sales.order_settled.v1") == []
    asked = (await deal.requested())[-1]
    assert asked["purpose"] == "penalty"
    again = (await deal.ask("penalty")).json()
    assert (again["id"], again["amount"]) == (asked["bill_id"], asked["amount"])
    await deal.pay("penalty", asked["amount"], asked["bill_id"])
    assert len(await deal.office.published("sales.order_settled.v1")) == 1
    assert {row["state"] for row in (await deal.schedule())["instalments"]} == {"paid", "covered"}


async def test_an_unknown_instalment_bill_is_declined(by_instalments):
    await by_instalments.pay("instalment", 200 * MILLION, str(uuid4()))
    assert len(await by_instalments.office.published("sales.payment_declined.v1")) == 1


async def test_a_ceiling_lowers_the_late_fee_from_its_day_on(by_instalments):
    deal = by_instalments
    member = uuid4()

    async def put(cap):
        finance = deal.office.keys.authorization(member, ["finance"])
        return await deal.office.client.post("/api/v1/staff/late-fee-caps", json=cap, headers=finance)

    cap = {"valid_from": (deal.office.clock().date().replace(day=1)).isoformat(), "rate": 100}
    assert (await put(cap)).json()["code"] == "cap_in_the_past"
    first = (await deal.schedule())["instalments"][0]
    await billed(deal, 20)
    coming = {"valid_from": _plus(first["due_on"], 6), "rate": 0}
    assert (await put(coming)).status_code == 201
    assert (await put(coming)).json()["code"] == "cap_taken"
    deal.office.clock.advance(days=40)
    lines = (await deal.schedule())["instalments"][0]["late_fee_lines"]
    assert [(line["days"], line["rate"]) for line in lines] == [(5, 1_800)]


def _plus(day, days):
    return (date.fromisoformat(day) + timedelta(days=days)).isoformat()
