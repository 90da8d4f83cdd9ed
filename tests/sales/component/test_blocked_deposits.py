"""Whose deposit a bank has blocked, and which orders of a plan wait for theirs."""

import csv
import io
from datetime import date
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from events.payment import BlockedDepositState, DepositsBlocked
from sales.deposits.consumers import note_blocked
from sales.orders.tables import Order


@pytest.fixture
async def plan(office):
    """A plan's id, and three people with an order in it."""
    plan = await office.open_plan(terms={"deposit": 1_000})
    people = await office.customers(3)
    for person in people:
        assert (await office.order(person, plan)).status_code == 201
    return UUID(plan["plan_id"]), people


async def hear(office, plan_id, customer_id, version, *, live, amount=1_000):
    state = BlockedDepositState(
        customer_id=customer_id, amount=amount, blocked_on=date(2026, 11, 1), live=live, version=version
    )
    event = DepositsBlocked(version=1, list_id=uuid4(), plan_id=plan_id, bank="012", deposits=[state])
    async with office.database.transaction() as session:
        await note_blocked(session, event)


async def test_the_newest_word_about_a_deposit_counts_in_whatever_order_it_comes(office, plan):
    plan_id, [first, second, third] = plan
    await hear(office, plan_id, first, 2, live=True)
    await hear(office, plan_id, first, 1, live=False)
    await hear(office, plan_id, second, 1, live=True)
    await hear(office, plan_id, second, 2, live=False)
    await hear(office, plan_id, third, 1, live=True, amount=999)
    path = f"/api/v1/staff/plans/{plan_id}/deposits"
    counted = await office.client.get(path, headers=office.manager)
    assert counted.json() == {"orders": 3, "blocked": 1}

    file = await office.client.get(f"{path}/missing", headers=office.manager)
    rows = csv.DictReader(io.StringIO(file.text.lstrip("\ufeff")))
    async with office.database.transaction() as session:
        waiting = await session.scalars(select(Order).where(Order.customer_id.in_([second, third])))
        expected = {(str(order.id), order.request_number) for order in waiting}
    assert {(row["order_id"], row["request_number"]) for row in rows} == expected
    buyer = office.buyer(first)
    assert (await office.client.get(f"{path}/missing", headers=buyer)).status_code == 403
