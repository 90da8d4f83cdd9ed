"""Whose deposit a bank has blocked, and which orders of a plan wait for theirs."""

import csv
import io
from datetime import date
from uuid import uuid4

import pytest
from sqlalchemy import select

from events.payment import BlockedDepositState, DepositsBlocked
from sales.deposits.consumers import note_blocked
from sales.orders.numbers import NumberKind, new_number
from sales.orders.tables import Order


@pytest.fixture
async def plan(office):
    """A plan's id, and two people with an order in it."""
    plan_id, people = uuid4(), [uuid4(), uuid4()]
    async with office.database.transaction() as session:
        session.add_all(order_of(office, plan_id, person) for person in people)
    return plan_id, people


def order_of(office, plan_id, customer_id):
    return Order(
        id=uuid4(),
        request_number=new_number(NumberKind.REQUEST),
        plan_id=plan_id,
        offering_id=uuid4(),
        customer_id=customer_id,
        dealership_id=office.dealership_id,
        title="نوبت ۱",
        price=10,
        prepayment=1,
        state="registered",
        live=True,
        version=1,
        placed_at=office.clock(),
        timeline=[],
        fingerprint=b"0" * 32,
        idempotency_key=str(uuid4()),
    )


async def hear(office, plan_id, customer_id, version, *, live):
    state = BlockedDepositState(
        customer_id=customer_id, amount=5, blocked_on=date(2026, 11, 1), live=live, version=version
    )
    event = DepositsBlocked(version=1, list_id=uuid4(), plan_id=plan_id, bank="012", deposits=[state])
    async with office.database.transaction() as session:
        await note_blocked(session, event)


async def test_the_newest_word_about_a_deposit_counts_in_whatever_order_it_comes(office, plan):
    plan_id, [first, second] = plan
    await hear(office, plan_id, first, 2, live=True)
    await hear(office, plan_id, first, 1, live=False)
    await hear(office, plan_id, second, 1, live=True)
    await hear(office, plan_id, second, 2, live=False)
    path = f"/api/v1/staff/plans/{plan_id}/deposits"
    counted = await office.client.get(path, headers=office.manager)
    assert counted.json() == {"orders": 2, "blocked": 1}

    file = await office.client.get(f"{path}/missing", headers=office.manager)
    [row] = csv.DictReader(io.StringIO(file.text.lstrip("\ufeff")))
    async with office.database.transaction() as session:
        waiting = await session.scalar(select(Order).where(Order.customer_id == second))
    assert (row["order_id"], row["request_number"]) == (str(waiting.id), waiting.request_number)
    buyer = office.buyer(first)
    assert (await office.client.get(f"{path}/missing", headers=buyer)).status_code == 403
