"""Invitations after a draw: paid, expired, handed over to the reserve, asked for again, given up."""

import asyncio
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from iran import start_of_day, tehran_date
from sales.invitations import shifting
from sales.invitations.domain import NotReassignable, ReassignmentNotAllowed
from sales.invitations.tables import InvitationShift
from sales.orders.domain import SoldOut
from sales.testing import PREPAYMENT, PRICE, add
from sales.working_days.tables import CalendarOverride


async def drawn(life, *, winners=2, reserve=2, **terms):
    """A plan of as many cars as winners, invited; the orders in the order of the draw."""
    await life.publish(capacity=winners, **terms)
    orders = [await life.register() for _ in range(winners + reserve)]
    await life.draw(orders, winners)
    await life.invite_drawn()
    return orders


async def states(life, orders):
    return [await life.state(order_id) for order_id in orders]


async def test_who_was_drawn_is_invited_once_and_holds_a_car(life):
    orders = await drawn(life)
    await life.invite_drawn()
    assert await states(life, orders) == ["awaiting_payment"] * 2 + ["registered"] * 2
    assert await life.sold() == 2
    issued = await life.published("sales.invitation_issued.v1")
    billed = await life.published("sales.bill_requested.v1")
    assert [event["amount"] for event in billed] == [PREPAYMENT] * 2
    assert [event["order_id"] for event in issued] == [str(order_id) for order_id in orders[:2]]
    assert all(event["invitation_number"].startswith("3") for event in issued)


async def test_a_paid_invitation_makes_the_contract(life):
    first, *_ = await drawn(life)
    await life.pay_invitation(first)
    assert await life.state(first) == "contract_active"
    assert (await life.invitation(first)).state == "paid"
    life.clock.advance(days=60)
    assert await life.expire() == 1


async def test_on_expiry_the_next_in_reserve_is_invited_by_itself(life):
    orders = await drawn(life, winners=1, reserve=2)
    life.clock.advance(days=30)
    assert await life.lapse() == 0
    assert await life.expire() == 1
    assert await states(life, orders) == ["invitation_expired", "awaiting_payment", "registered"]
    assert await life.sold() == 1
    [withdrawn] = await life.published("sales.bill_withdrawn.v1")
    assert withdrawn["reason"] == "invitation_expired"
    life.clock.advance(days=30)
    await life.expire()
    assert await states(life, orders) == ["invitation_expired"] * 2 + ["awaiting_payment"]


async def test_two_schedulers_and_a_jumping_clock_expire_and_invite_once(life):
    orders = await drawn(life, winners=3, reserve=3)
    for jump in (40, -5, 5):
        life.clock.advance(days=jump)
        await asyncio.gather(*(life.expire() for _ in range(4)), *(life.run_invitations() for _ in range(2)))
    assert await states(life, orders) == ["invitation_expired"] * 3 + ["awaiting_payment"] * 3
    assert len(await life.published("sales.invitation_expired.v1")) == 3
    assert len(await life.published("sales.invitation_issued.v1")) == 6
    assert await life.sold() == 3


async def test_money_for_an_expired_invitation_is_declined_even_after_reassignment(life):
    first, _ = await drawn(life, winners=1, reserve=1)
    expired = await life.invitation(first)
    life.clock.advance(days=30)
    await life.expire()
    late = await life.pay(first, expired.amount, expired.bill_id)
    life.clock.advance(days=30)
    await life.expire()
    await life.reassign(first)
    again = await life.pay(first, expired.amount, expired.bill_id)
    declined = await life.published("sales.payment_declined.v1")
    assert [event["payment_id"] for event in declined] == [str(late.payment_id), str(again.payment_id)]
    assert await life.state(first) == "awaiting_payment"


async def test_a_car_is_asked_for_again_at_the_terms_of_the_day_if_there_is_one(life):
    first, second = await drawn(life, winners=1, reserve=1)
    with pytest.raises(NotReassignable):
        await life.reassign(first)
    life.clock.advance(days=30)
    await life.expire()
    with pytest.raises(SoldOut):
        await life.reassign(first)
    await life.cancel(second)
    await life.reprice(PRICE + 1_000_000_000, PREPAYMENT + 100_000_000)
    invitation = await life.reassign(first)
    order = await life.order(first)
    assert (order.price, invitation.amount) == (PRICE + 1_000_000_000, PREPAYMENT + 100_000_000)
    assert order.pay_before == invitation.due_at > life.clock() + timedelta(days=6)
    await life.pay_invitation(first)
    assert await life.state(first) == "contract_active"
    assert await life.sold() == 1


async def test_where_the_plan_does_not_provide_for_it_there_is_no_reassignment(life):
    [first] = await drawn(life, winners=1, reserve=0, reassignment_allowed=False)
    life.clock.advance(days=30)
    await life.expire()
    with pytest.raises(ReassignmentNotAllowed):
        await life.reassign(first)


async def test_after_six_months_an_expired_invitation_is_a_cancellation_by_itself(life):
    first, _ = await drawn(life, winners=1, reserve=1)
    life.clock.advance(days=30)
    await life.expire()
    life.clock.advance(days=150)
    assert await life.give_up() == 0
    life.clock.advance(days=60)
    await asyncio.gather(*(life.give_up() for _ in range(3)))
    assert await life.state(first) == "cancelled"
    assert (await life.invitation(first)).state == "given_up"
    [event] = await life.published("sales.order_cancelled.v1")
    assert (event["reason"], event["refund"]) == ("expired", 0)
    assert await life.published("sales.refund_requested.v1") == []


async def test_a_winner_who_is_gone_before_the_invitations_gives_the_place_to_the_reserve(life):
    await life.publish(capacity=1)
    winner, heir = [await life.register() for _ in range(2)]
    await life.draw([winner, heir], winners=1)
    await life.cancel(winner)
    await life.invite_drawn()
    assert await states(life, [winner, heir]) == ["cancelled", "awaiting_payment"]


async def test_contracts_are_invited_to_pay_the_rest_and_expire_into_the_terms_of_the_day(life):
    [first] = await drawn(life, winners=1, reserve=0)
    await life.pay_invitation(first)
    await life.invite_contracts(delivered_until=tehran_date(life.clock()))
    assert (await life.invitation(first)).purpose == "prepayment"
    await life.invite_contracts()
    rest = await life.invitation(first)
    assert (rest.purpose, rest.amount) == ("principal", PRICE - PREPAYMENT)
    life.clock.advance(days=60)
    await life.expire()
    assert (await life.state(first), await life.sold()) == ("invitation_expired", 0)
    await life.reprice(PRICE + 1_000_000_000, PREPAYMENT)
    assert (await life.reassign(first)).amount == PRICE + 1_000_000_000 - PREPAYMENT
    assert (await life.state(first), await life.sold()) == ("contract_active", 1)


async def test_a_closed_day_puts_the_deadline_off_once_and_the_shift_is_written_down(life):
    [first] = await drawn(life, winners=1, reserve=0)
    before = await life.invitation(first)
    day = tehran_date(before.due_at - timedelta(seconds=1))
    closure = CalendarOverride(
        day=day, scope="bank", working=False, reason="آلودگی هوا", created_by=uuid4(), created_at=life.clock()
    )
    await life.do(add, closure)
    while await life.do(shifting.advance, life.clock()):
        pass
    after = await life.invitation(first)
    assert after.due_at >= before.due_at + timedelta(days=1)
    assert start_of_day(tehran_date(after.due_at)) == after.due_at
    assert (await life.order(first)).pay_before == after.due_at
    async with life.database.transaction() as session:
        [shift] = await session.scalars(select(InvitationShift))
    assert (shift.day, shift.due_before, shift.due_after) == (day, before.due_at, after.due_at)
    [postponed] = await life.published("sales.bill_postponed.v1")
    assert postponed["bill_id"] == str(after.bill_id)
