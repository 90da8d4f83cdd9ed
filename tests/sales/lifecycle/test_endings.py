"""Cancelling by quote, voiding, and the money that goes back."""

import asyncio

import pytest
from sqlalchemy import update

from sales.cancellations.domain import CancellationNotAllowed, CannotCancelNow, QuoteChanged
from sales.orders.domain import BEFORE_INVOICE, LIVE
from sales.orders.tables import Order
from sales.testing import PREPAYMENT

TERMS = {"rates": {"cancellation_profit": 1500, "cancellation_deduction": 100}}


async def contract(life, **terms):
    """A first-come order under contract."""
    life.method = "first_come"
    await life.publish(capacity=3, **terms)
    order_id = await life.hold()
    await life.pay(order_id, PREPAYMENT)
    return order_id


async def test_the_refund_is_what_the_quote_said_and_the_car_is_free(life):
    order_id = await contract(life, **TERMS)
    life.clock.advance(days=73)
    refund = await life.cancel(order_id)
    assert refund == PREPAYMENT + 27_000_000 - 9_000_000
    [requested] = await life.published("sales.refund_requested.v1")
    assert (requested["amount"], requested["reason"]) == (refund, "order_cancelled")
    assert (requested["paid"], requested["profit"], requested["deductions"]) == (
        PREPAYMENT,
        27_000_000,
        9_000_000,
    )
    [cancelled] = await life.published("sales.order_cancelled.v1")
    assert (cancelled["refund"], cancelled["reason"]) == (refund, "buyer")
    assert (await life.state(order_id), await life.sold()) == ("cancelled", 0)


async def test_a_quote_of_yesterday_is_not_confirmed(life):
    order_id = await contract(life, **TERMS)
    order = await life.order(order_id)
    quote = await life.quote(order)
    life.clock.advance(days=1)
    with pytest.raises(QuoteChanged):
        await life.confirm(order, quote.digest(str(order_id), order.version))
    assert await life.state(order_id) == "contract_active"


async def test_an_unpaid_order_is_cancelled_and_nothing_is_owed(life):
    life.method = "first_come"
    await life.publish(capacity=1)
    order_id = await life.hold()
    assert await life.cancel(order_id) == 0
    assert await life.published("sales.refund_requested.v1") == []
    assert await life.sold() == 0


async def test_money_that_comes_while_the_order_is_cancelled_is_kept_once_or_goes_back(life):
    life.method = "first_come"
    await life.publish(capacity=5)
    for _ in range(5):
        order_id = await life.hold()
        await asyncio.gather(life.pay(order_id, PREPAYMENT), life.cancel(order_id), return_exceptions=True)
        if await life.state(order_id) != "cancelled":
            await life.cancel(order_id)
    declined = await life.published("sales.payment_declined.v1")
    refunds = await life.published("sales.refund_requested.v1")
    assert len(declined) + len(refunds) == 5
    assert {refund["amount"] for refund in refunds} <= {PREPAYMENT}
    assert {event["reason"] for event in declined} <= {"order_cancelled"}
    assert await life.sold() == 0


async def test_nobody_cancels_from_the_invoice_to_the_delivery_or_twice(life):
    order_id = await contract(life)
    change = update(Order).where(Order.id == order_id)
    for state in sorted(LIVE - BEFORE_INVOICE):
        await life.do(lambda session, state=state: session.execute(change.values(state=state)))
        with pytest.raises(CannotCancelNow):
            await life.cancel(order_id)
    await life.do(lambda session: session.execute(change.values(state="settled")))
    await life.cancel(order_id)
    with pytest.raises(CannotCancelNow):
        await life.cancel(order_id)


async def test_where_the_plan_does_not_provide_for_it_there_is_no_cancellation(life):
    order_id = await contract(life, cancellation_allowed=False)
    with pytest.raises(CancellationNotAllowed):
        await life.cancel(order_id)


async def test_a_voided_order_gives_back_exactly_what_was_paid_once(life):
    order_id = await contract(life, **TERMS)
    life.clock.advance(days=100)
    assert [await life.void(order_id), await life.void(order_id)] == [1, 0]
    [refund] = await life.published("sales.refund_requested.v1")
    assert (refund["amount"], refund["reason"]) == (PREPAYMENT, "order_voided")
    [event] = await life.published("sales.order_voided.v1")
    assert event["rule"] == "ban_list"
    assert (await life.state(order_id), await life.sold()) == ("voided", 0)


async def test_a_drawn_car_that_is_cancelled_goes_to_the_reserve(life):
    await life.publish(capacity=1)
    orders = [await life.register() for _ in range(2)]
    await life.draw(orders, winners=1)
    await life.invite_drawn()
    await life.pay_invitation(orders[0])
    await life.cancel(orders[0])
    assert [await life.state(one) for one in orders] == ["cancelled", "awaiting_payment"]
    assert await life.sold() == 1
