"""Everything that can happen to the orders of a plan, in any order: the promises hold after each step.

Never more cars sold than there are; one live order per person; money in = money out + money held; a car for
each order that holds one, and an open invitation's bill for each that waits.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress

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
from sqlalchemy import func, select

from chassis.database import Database, migrate
from chassis.errors import Problem
from chassis.testing.clock import MovableClock
from sales.app import MIGRATIONS
from sales.invitations.tables import Invitation
from sales.orders.domain import HOLDING, LIVE
from sales.orders.received import OrderPayment
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
        await self.life.empty()
        rates = {"cancellation_profit": 1800, "cancellation_deduction": 50}
        await self.life.publish(CAPACITY, rates=rates, periods={"expiry_months": 2})
        self.orders = [await self.life.register() for _ in range(2 * DRAWN)]
        await self.life.draw(self.orders, CAPACITY)
        self.paid = 0

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
                self.paid += (await self.life.pay_invitation(self.one(number))).amount

        self.run(pay())

    @rule(number=which)
    def pay_something_nobody_asked_for(self, number):
        self.paid += self.run(self.life.pay(self.one(number), PREPAYMENT)).amount

    @rule()
    def buy_first_come(self):
        placed = self.run(self.life.hold())
        if placed is not None:
            self.orders.append(placed)

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
        orders = await self.life.orders()
        holding = [order for order in orders if order.state in HOLDING]
        assert await self.life.sold() == len(holding) <= CAPACITY
        live = [order.customer_id for order in orders if order.live]
        assert len(live) == len(set(live))
        assert all(order.live is (order.state in LIVE) for order in orders)
        await self.check_money({order.id for order in orders if not order.live})
        await self.check_invitations()

    async def check_money(self, ended) -> None:
        refunds = await self.life.published("sales.refund_requested.v1")
        assert len({refund["order_id"] for refund in refunds}) == len(refunds)
        for refund in refunds:
            assert refund["amount"] == refund["paid"] + refund["profit"] - refund["deductions"]
        async with self.life.database.transaction() as session:
            kept = (await session.scalars(select(OrderPayment))).all()
        held = sum(one.amount for one in kept if one.order_id not in ended)
        given_back = sum(refund["paid"] for refund in refunds)
        declined = await self.life.published("sales.payment_declined.v1")
        sent_back = self.paid - sum(one.amount for one in kept)
        assert held + given_back == sum(one.amount for one in kept)
        assert (len(declined) > 0) is (sent_back > 0)

    async def check_invitations(self) -> None:
        """Each invitation was billed and told of once; each expiry was told of once."""
        async with self.life.database.transaction() as session:
            counted = select(Invitation.state, func.count()).group_by(Invitation.state)
            states = {row[0]: row[1] for row in await session.execute(counted)}
        asked = await self.life.published("sales.bill_requested.v1")
        told = await self.life.published("sales.invitation_issued.v1")
        expired = await self.life.published("sales.invitation_expired.v1")
        assert len(asked) == len(told) == sum(states.values())
        gone = sum(states.get(state, 0) for state in ("expired", "reassigned", "given_up"))
        assert gone <= len(expired) <= gone + states.get("withdrawn", 0)


@pytest.fixture(scope="module")
def machine(make_database: Callable[[str], str]):
    """The machine on a loop and a database of its own."""
    url = make_database("sales_machine")
    with asyncio.Runner() as runner:
        runner.run(migrate(url, MIGRATIONS))
        yield type("OfficeHere", (Office,), {"runner": runner, "database_url": url})


def play(machine: Callable[[], Office], examples: int, steps: int) -> None:
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
    play(machine, examples=2, steps=12)


@pytest.mark.chaos
@pytest.mark.timeout(1800)
def test_in_ten_thousand_steps_the_promises_hold(machine):
    play(machine, examples=100, steps=100)
