"""Everything that can happen to the orders of a plan, in any order: the promises hold after each step.

Never more cars sold than there are; one live order per person; money in = money out + money held; a car for
each order that holds one, and an open invitation's bill for each that waits.
"""

import asyncio
from collections import Counter, defaultdict
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from chassis.database import Database, migrate
from chassis.errors import Problem
from chassis.testing.clock import MovableClock
from chassis.testing.restoring import make_restorable
from events.payment import BillPaid
from sales.app import MIGRATIONS
from sales.invitations.tables import Invitation
from sales.orders.domain import HOLDING, LIVE
from sales.orders.received import OrderPayment
from sales.orders.tables import Order
from sales.plans.tables import Offering
from sales.testing import PREPAYMENT, PRICE, SalesLife

CAPACITY, DRAWN = 3, 4
which = st.integers(0, 30)


class Office(RuleBasedStateMachine):
    """One car model, three cars: four were drawn with a reserve, first-come buyers want it, too."""

    runner: asyncio.Runner
    database_url: str

    def __init__(self) -> None:
        super().__init__()
        self.life = SalesLife(Database(self.database_url, pool_size=4), MovableClock())
        self.run(self.begin())

    async def begin(self) -> None:
        await self.life.begin()
        rates = {"cancellation_profit": 1800, "cancellation_deduction": 50}
        await self.life.publish(CAPACITY, rates=rates, periods={"expiry_months": 2})
        self.orders = [await self.life.register() for _ in range(2 * DRAWN)]
        await self.life.draw(self.orders, CAPACITY)
        self.paid: dict[str, int] = {}

    def note(self, event: BillPaid) -> None:
        self.paid[str(event.payment_id)] = event.amount

    def teardown(self) -> None:
        self.run(self.life.database.close())

    def run(self, work):
        return self.runner.run(work)

    def try_to(self, work) -> None:
        """A refusal is an answer."""
        with suppress(Problem):
            self.run(work)

    def one(self, number: int):
        return self.orders[number % len(self.orders)]

    @rule()
    def invite(self):
        self.try_to(self.life.invite_drawn())

    @rule()
    def ask_for_the_rest(self):
        self.try_to(self.life.invite_contracts())

    @rule(number=which)
    def pay_the_latest_invitation(self, number):
        async def pay() -> None:
            with suppress(AssertionError):
                self.note(await self.life.pay_invitation(self.one(number)))

        self.run(pay())

    @rule(number=which)
    def pay_something_nobody_asked_for(self, number):
        self.note(self.run(self.life.pay(self.one(number), PREPAYMENT)))

    @rule()
    def buy_first_come(self):
        placed = self.run(self.life.hold())
        if placed is not None:
            self.orders.append(placed)

    @rule(number=which)
    def want_another_car(self, number):
        """Somebody who has or had an order wants one: the live one stands in the way."""

        async def want() -> None:
            before = await self.life.orders()
            person = next(order.customer_id for order in before if order.id == self.one(number))
            has_one = any(order.live for order in before if order.customer_id == person)
            try:
                placed = await self.life.hold(person)
            except IntegrityError:
                assert has_one
            else:
                assert placed is None or not has_one
                self.orders.extend([placed] if placed is not None else [])

        self.run(want())

    @rule(number=which)
    def ask_again(self, number):
        self.try_to(self.life.reassign(self.one(number)))

    @rule(number=which)
    def cancel(self, number):
        self.try_to(self.life.cancel(self.one(number)))

    @rule(number=which)
    def void(self, number):
        self.run(self.life.void(self.one(number)))

    @rule(days=st.integers(-2, 40))
    def let_time_pass(self, days):
        self.life.clock.advance(days=days)

    @rule()
    def expire_twice_at_once(self):
        async def both() -> None:
            await asyncio.gather(self.life.expire(), self.life.expire(), self.life.lapse(), self.life.lapse())

        self.run(both())

    @rule()
    def give_up(self):
        self.run(self.life.give_up())

    @rule(step=st.integers(-2, 3))
    def change_the_price(self, step):
        self.run(self.life.reprice(PRICE + step * 10**8, PREPAYMENT + step * 10**7))

    @precondition(lambda self: len(self.orders) < 40)
    @rule()
    def register_late(self):
        self.orders.append(self.run(self.life.register()))

    @invariant()
    def the_promises_hold(self):
        self.run(self.check())

    async def check(self) -> None:
        """In one transaction, so that ten thousand steps take minutes."""
        async with self.life.database.transaction() as session:
            orders = (await session.scalars(select(Order))).all()
            kept = (await session.scalars(select(OrderPayment))).all()
            invitations = (await session.scalars(select(Invitation))).all()
            sold = (await session.get_one(Offering, self.life.offering_id)).sold
            told = await events(session)
        holding = [order for order in orders if order.state in HOLDING]
        assert sold == len(holding) <= CAPACITY
        live = [order.customer_id for order in orders if order.live]
        assert len(live) == len(set(live))
        assert all(order.live is (order.state in LIVE) for order in orders)
        self.check_money({str(order.id) for order in orders if not order.live}, kept, told)
        self.check_invitations(Counter(one.state for one in invitations), told)

    def check_money(self, ended, kept, told) -> None:
        """Each payment is held, was given back with its order, or was declined."""
        refunds = told["sales.refund_requested.v1"]
        assert len({refund["order_id"] for refund in refunds}) == len(refunds)
        for refund in refunds:
            assert refund["amount"] == refund["paid"] + refund["profit"] - refund["deductions"]
        held = sum(one.amount for one in kept if str(one.order_id) not in ended)
        taken = sum(one.amount for one in kept)
        assert held + sum(refund["paid"] for refund in refunds) == taken
        declined = {event["payment_id"] for event in told["sales.payment_declined.v1"]}
        assert declined.isdisjoint(str(one.payment_id) for one in kept)
        assert taken + sum(self.paid[payment_id] for payment_id in declined) == sum(self.paid.values())

    def check_invitations(self, states, told) -> None:
        """Each invitation was billed and told of once; each expiry was told of once."""
        issued = told["sales.invitation_issued.v1"]
        assert len(told["sales.bill_requested.v1"]) == len(issued) == states.total()
        gone = sum(states[state] for state in ("expired", "reassigned", "given_up"))
        assert gone <= len(told["sales.invitation_expired.v1"]) <= gone + states["withdrawn"]


async def events(session) -> dict[str, list[dict[str, Any]]]:
    """The payloads in the outbox by name."""
    rows = await session.execute(
        text("SELECT routing_key, convert_from(message, 'UTF8')::jsonb -> 'payload' FROM outbox")
    )
    told: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for name, payload in rows:
        told[name].append(payload)
    return told


@pytest.fixture(scope="module")
def machine(make_database: Callable[[str], str]):
    """The machine on a loop and a database of its own."""
    url = make_database("sales_machine")
    with asyncio.Runner() as runner:
        runner.run(migrate(url, MIGRATIONS))
        runner.run(make_restorable(url))
        yield type("OfficeHere", (Office,), {"runner": runner, "database_url": url})


def play(machine: type[Office], examples: int, steps: int) -> None:
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_whatever_happens_the_promises_hold(machine):
    play(machine, examples=1, steps=20)


@pytest.mark.chaos
@pytest.mark.timeout(1800)
def test_in_ten_thousand_steps_the_promises_hold(machine):
    play(machine, examples=100, steps=100)
