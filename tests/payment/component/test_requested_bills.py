"""Bills that sales asks for and withdraws, paid in parts and in time, or not."""

from datetime import datetime, timedelta
from itertools import permutations
from uuid import uuid4

import pytest
from sqlalchemy import delete

from events.sales import BillPostponed, OrderCancelled, OrderTransferred
from iran import tehran_date
from payment.bills.domain import Purpose
from payment.payments.parts import CardLimit

CEILING = 2_000_000_000


async def requested(shop, **changes):
    request = shop.requested(**changes)
    await shop.hear(request)
    return request, str(request.bill_id)


@pytest.mark.parametrize("purpose", Purpose)
async def test_every_purpose_is_billed_paid_and_told_of(shop, purpose):
    _, bill_id = await requested(shop, purpose=purpose.value)
    payment_id = await shop.pay(bill_id)
    bill = await shop.bill(bill_id)
    assert (bill["purpose"], bill["state"]) == (purpose, "paid")
    assert [event["purpose"] for event in await shop.published("payment.bill_paid.v1")] == [purpose]
    assert (await shop.get(f"/payments/{payment_id}/receipt.pdf")).status_code == 200


async def test_an_order_has_as_many_bills_of_a_purpose_as_are_asked_for(shop):
    first, _ = await requested(shop)
    second = shop.requested(first.order_id)
    await shop.hear(second, first, second)
    bills = await shop.bills(first.order_id)
    assert {bill["id"] for bill in bills} == {str(first.bill_id), str(second.bill_id)}
    assert {bill["purpose"] for bill in bills} == {"instalment"}


@pytest.mark.parametrize("turns", sorted(set(permutations(["requested", "requested", "withdrawn"]))))
async def test_a_withdrawn_bill_cannot_be_paid_whatever_came_first(shop, turns):
    request = shop.requested()
    events = {"requested": request, "withdrawn": shop.withdrawn(request)}
    await shop.hear(*(events[turn] for turn in turns))
    assert all(bill["state"] == "cancelled" for bill in await shop.bills(request.order_id))


async def test_what_was_paid_of_a_withdrawn_bill_goes_back_part_by_part(shop):
    request, bill_id = await requested(shop)
    for amount in (100_000_000, 200_000_000):
        await shop.pay(bill_id, amount=amount)
    at_bank = await shop.started(bill_id)
    await shop.hear(shop.withdrawn(request), shop.withdrawn(request))
    await shop.come_back(await shop.bank.pay(at_bank["redirect_url"]))
    await shop.run("payment.returns")
    returned = await shop.published("payment.payment_returned.v1")
    assert sorted(event["amount"] for event in returned) == [100_000_000, 200_000_000, 600_000_000]
    assert {event["reason"] for event in returned} == {"order_cancelled"}
    balance = await shop.balance()
    assert balance.is_kept
    assert set(balance.accounts.values()) == {0}


async def test_a_bill_paid_before_its_withdrawal_is_heard_of_gives_its_money_back(shop):
    request, bill_id = await requested(shop)
    payment_id = await shop.pay(bill_id)
    await shop.hear(shop.withdrawn(request), await shop.declined(payment_id))
    await shop.run("payment.returns")
    assert len(await shop.published("payment.payment_returned.v1")) == 1
    assert (await shop.bill(bill_id))["state"] == "cancelled"


async def test_a_lapse_gives_the_parts_of_an_open_bill_back(shop):
    bill = await shop.new_bill()
    await shop.pay(bill["id"], amount=100_000_000)
    await shop.hear(shop.lapsed(bill["order_id"]))
    await shop.run("payment.returns")
    [returned] = await shop.published("payment.payment_returned.v1")
    assert (returned["amount"], returned["reason"]) == (100_000_000, "order_lapsed")


async def test_a_bill_is_paid_when_the_last_part_has_come(shop):
    _, bill_id = await requested(shop)
    begun = await shop.started(bill_id, amount=300_000_000)
    assert (begun["amount"], begun["remaining"], begun["part"]) == (300_000_000, 600_000_000, "asked")
    await shop.come_back(await shop.bank.pay(begun["redirect_url"]))
    bill = await shop.bill(bill_id)
    assert (bill["paid"], bill["state"], bill["bank_bill_id"]) == (300_000_000, "open", None)
    [part] = await shop.published("payment.bill_part_paid.v1")
    assert (part["amount"], part["remaining"]) == (300_000_000, 600_000_000)
    await shop.pay(bill_id)
    [paid] = await shop.published("payment.bill_paid.v1")
    assert paid["amount"] == 900_000_000
    assert (await shop.balance()).accounts["buyer"] == -900_000_000


async def test_another_amount_is_refused_while_a_part_is_at_the_bank(shop):
    _, bill_id = await requested(shop)
    begun = await shop.started(bill_id, amount=300_000_000)
    other = await shop.start(bill_id, amount=400_000_000)
    assert (other.status_code, other.json()["code"]) == (409, "other_amount_at_bank")
    assert other.json()["amount"] == 300_000_000
    assert await shop.started(bill_id) == begun


async def test_a_part_larger_than_what_is_outstanding_is_refused(shop):
    _, bill_id = await requested(shop)
    answer = await shop.start(bill_id, amount=900_000_001)
    assert (answer.status_code, answer.json()["code"]) == (409, "amount_not_payable")
    assert "۱۰٬۰۰۰ ریال" in answer.json()["detail"]
    assert answer.json()["outstanding"] == 900_000_000


async def test_the_ceiling_of_cards_splits_a_payment_and_says_so(shop):
    _, bill_id = await requested(shop, amount=5_000_000_000)
    first = await shop.started(bill_id)
    assert (first["amount"], first["remaining"], first["part"]) == (CEILING, 3_000_000_000, "card_ceiling")
    await shop.come_back(await shop.bank.pay(first["redirect_url"]))
    await shop.pay(bill_id)
    last = await shop.started(bill_id)
    assert (last["amount"], last["remaining"], last["part"]) == (1_000_000_000, 0, "whole")
    await shop.come_back(await shop.bank.pay(last["redirect_url"]))
    assert (await shop.bill(bill_id))["state"] == "paid"
    assert (await shop.balance()).accounts["buyer"] == -5_000_000_000


async def test_a_ceiling_holds_from_its_day_on(shop):
    day = tehran_date(shop.clock() + timedelta(days=2))
    async with shop.database.transaction() as session:
        session.add(CardLimit(valid_from=day, daily_ceiling=3_000_000_000, smallest_part=10_000))
    _, before = await requested(shop, amount=5_000_000_000)
    await shop.pay(before)
    await shop.advance(days=3)
    after = await shop.started(before)
    assert (after["amount"], after["part"]) == (3_000_000_000, "whole")
    async with shop.database.transaction() as session:
        await session.execute(delete(CardLimit).where(CardLimit.valid_from == day))


async def test_a_late_bill_is_paid_only_where_its_terms_say_so(shop):
    _, strict = await requested(shop, due_at=shop.clock() + timedelta(days=1))
    _, lenient = await requested(shop, due_at=shop.clock() + timedelta(days=1), payable_late=True)
    await shop.advance(days=1)
    assert (await shop.start(strict)).json()["code"] == "bill_past_due"
    await shop.pay(lenient)
    assert (await shop.bill(lenient))["state"] == "paid"


async def test_a_buyer_is_reminded_and_told_once_when_a_bill_is_overdue(shop):
    _, bill_id = await requested(shop, payable_late=True)
    await shop.pay(bill_id, amount=100_000_000)
    for days in (6.9, 0.2, 2, 0.5, 0.5, 5):
        await shop.advance(days=days)
        await shop.run("payment.remind")
        await shop.run("payment.remind")
    due = await shop.published("payment.bill_due.v1")
    assert [(event["amount"], event["bank_bill_id"]) for event in due] == [(800_000_000, "")] * 2
    assert len(await shop.published("payment.bill_overdue.v1")) == 1


async def test_nobody_is_reminded_of_a_paid_bill(shop):
    _, bill_id = await requested(shop)
    await shop.pay(bill_id)
    await shop.advance(days=9.5)
    await shop.run("payment.remind")
    assert await shop.published("payment.bill_due.v1") == []


def postponed(request, days):
    return BillPostponed(
        version=2,
        bill_id=request.bill_id,
        order_id=request.order_id,
        customer_id=request.customer_id,
        due_at=request.due_at + timedelta(days=days),
    )


@pytest.mark.parametrize("turns", sorted(set(permutations(["requested", "later", "latest"]))))
async def test_a_postponed_bill_is_due_at_the_latest_of_its_days(shop, turns):
    request = shop.requested()
    events = {"requested": request, "later": postponed(request, 1), "latest": postponed(request, 2)}
    await shop.hear(*(events[turn] for turn in turns))
    [bill] = await shop.bills(request.order_id)
    assert datetime.fromisoformat(bill["due_at"]) == request.due_at + timedelta(days=2)


@pytest.mark.parametrize("requested_first", [True, False])
async def test_the_bills_of_a_transferred_order_are_the_new_owners(shop, requested_first):
    request, seller, buyer = shop.requested(), shop.buyer, uuid4()
    transfer = OrderTransferred(
        version=7,
        order_id=request.order_id,
        customer_id=buyer,
        from_customer_id=seller,
        transfer_id=uuid4(),
        contract_number="200000000017",
    )
    await shop.hear(*((request, transfer) if requested_first else (transfer, request)))
    assert await shop.bills(request.order_id) == []
    shop.buyer = buyer
    assert len(await shop.bills(request.order_id)) == 1


async def test_a_cancelled_order_leaves_no_open_bill_and_no_money_on_one(shop):
    request, bill_id = await requested(shop)
    await shop.pay(bill_id, amount=100_000_000)
    await shop.hear(
        OrderCancelled(
            version=9,
            order_id=request.order_id,
            customer_id=shop.buyer,
            request_number="100000000016",
            refund=0,
            reason="buyer",
        ),
        shop.requested(request.order_id),
    )
    await shop.run("payment.returns")
    assert [bill["state"] for bill in await shop.bills(request.order_id)] == ["cancelled"]
    [returned] = await shop.published("payment.payment_returned.v1")
    assert (returned["amount"], returned["reason"]) == (100_000_000, "order_cancelled")
