"""A plan whose orders live through everything, for tests: the real use cases on a real database.

Payment is played here: what sales asks for is paid when the test says so, as often as it says so.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, TypeVar
from uuid import UUID, uuid4

from sqlalchemy import select, text, update
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from chassis.database import Database
from chassis.testing.clock import MovableClock
from chassis.testing.restoring import RESTORE
from events.payment import BillPaid, BillPurpose
from sales.app import PAID
from sales.cancellations import service as cancellations
from sales.cancellations.domain import Quote
from sales.capacity import counters
from sales.draws.tables import DrawResult
from sales.invitations import expiring, queries, reassignment, runs
from sales.invitations.runs import Scope
from sales.invitations.tables import Invitation
from sales.orders import purchase
from sales.orders.domain import OrderState
from sales.orders.numbers import NumberKind, new_number
from sales.orders.tables import Order
from sales.plans.tables import Offering, Plan
from sales.plans.terms import OrderTerms, PlanTerms

PRICE, PREPAYMENT = 9_000_000_000, 900_000_000
Value = TypeVar("Value")


@dataclass
class SalesLife:
    """One plan with one car, and whoever wants it."""

    database: Database
    clock: MovableClock
    plan_id: UUID = field(default_factory=uuid7)
    offering_id: UUID = field(default_factory=uuid7)
    method: str = "draw"

    async def do(self, use_case: Callable[..., Awaitable[Value]], *args: Any, **kwargs: Any) -> Value:
        """In a transaction of its own."""
        async with self.database.transaction() as session:
            return await use_case(session, *args, **kwargs)

    async def begin(self) -> None:
        """In a database that ``make_restorable`` was given."""
        await self.do(lambda session: session.execute(text(RESTORE)))

    async def publish(self, capacity: int, **terms: Any) -> None:
        now = self.clock()
        plan = Plan(
            id=self.plan_id,
            circular=uuid4().hex,
            title="نوبت",
            kind="pre_sale",
            method=self.method,
            stage="published",
            opens_at=now - timedelta(days=1),
            closes_at=now + timedelta(days=1000),
            pay_within=timedelta(hours=48),
            minimum_age=18,
            created_by=uuid4(),
            terms=PlanTerms(**terms).model_dump(mode="json"),
            version=1,
        )
        plan.offerings.append(self._car(capacity))
        await self.do(add, plan)

    def _car(self, capacity: int) -> Offering:
        return Offering(
            id=self.offering_id,
            position=1,
            model="نوبت ۱",
            trim="کامل",
            colours=["سفید"],
            price=PRICE,
            prepayment=PREPAYMENT,
            capacity=capacity,
            sold=0,
        )

    async def reprice(self, price: int, prepayment: int) -> None:
        change = update(Offering).where(Offering.id == self.offering_id)
        await self.do(lambda session: session.execute(change.values(price=price, prepayment=prepayment)))

    async def register(self, customer_id: UUID | None = None) -> UUID:
        """An order that waits for the draw."""
        return await self.do(self._place, customer_id or uuid4(), OrderState.REGISTERED)

    async def hold(self, customer_id: UUID | None = None) -> UUID | None:
        """A first-come order that waits for its payment; None when there is no car."""
        return await self.do(self._hold, customer_id or uuid4())

    async def _hold(self, session: AsyncSession, customer_id: UUID) -> UUID | None:
        if (await counters.lock(session, [self.offering_id]))[self.offering_id] < 1:
            return None
        await counters.take(session, [(self.offering_id, [])])
        return await self._place(session, customer_id, OrderState.AWAITING_PAYMENT)

    async def _place(self, session: AsyncSession, customer_id: UUID, state: OrderState) -> UUID:
        plan = await session.get_one(Plan, self.plan_id)
        now = self.clock()
        order = Order(
            id=uuid7(),
            request_number=new_number(NumberKind.REQUEST),
            plan_id=self.plan_id,
            offering_id=self.offering_id,
            customer_id=customer_id,
            dealership_id=uuid4(),
            applicant_class="ordinary",
            title="نوبت ۱ کامل",
            colour=None,
            price=PRICE,
            prepayment=PREPAYMENT,
            state=state,
            live=True,
            version=1,
            placed_at=now,
            pay_before=now + timedelta(hours=48) if state == OrderState.AWAITING_PAYMENT else None,
            terms=OrderTerms(**plan.terms, method=self.method, kind=plan.kind).model_dump(mode="json"),
            timeline=[{"state": state, "at": now.isoformat()}],
            fingerprint=b"",
        )
        session.add(order)
        await session.flush()
        return order.id

    async def draw(self, order_ids: list[UUID], winners: int) -> None:
        """The first ``winners`` are selected, the others the reserve, in this order."""
        results = [
            DrawResult(
                order_id=order_id,
                plan_id=self.plan_id,
                applicant_class="ordinary",
                rank=rank,
                selected=rank <= winners,
                offering_id=self.offering_id,
                position=rank if rank <= winners else rank - winners,
            )
            for rank, order_id in enumerate(order_ids, 1)
        ]
        await self.do(add, *results)

    async def invite_drawn(self) -> None:
        await self.do(runs.start, Scope(self.plan_id, "prepayment"), uuid4(), self.clock())
        await self.run_invitations()

    async def invite_contracts(self, **scope: Any) -> None:
        await self.do(runs.start, Scope(self.plan_id, "principal", **scope), uuid4(), self.clock())
        await self.run_invitations()

    async def run_invitations(self) -> None:
        while await self.do(runs.advance, self.clock()):
            pass

    async def expire(self) -> int:
        return await self.do(expiring.expire_overdue, self.clock())

    async def lapse(self) -> int:
        return await self.do(purchase.lapse_overdue, self.clock())

    async def give_up(self) -> int:
        return await self.do(cancellations.give_up, self.clock())

    async def reassign(self, order_id: UUID) -> Invitation:
        order = await self.order(order_id)
        return await self.do(reassignment.reassign, order_id, order.customer_id, self.clock())

    async def quote(self, order: Order) -> Quote:
        return await self.do(cancellations.look, order, self.clock())

    async def confirm(self, order: Order, shown: str) -> int:
        _, confirmed = await self.do(cancellations.cancel, order.id, order.customer_id, shown, self.clock())
        return confirmed.refund

    async def cancel(self, order_id: UUID) -> int:
        """As its quote says at this moment; the refund in Rial."""
        order = await self.order(order_id)
        quote = await self.quote(order)
        return await self.confirm(order, quote.digest(str(order_id), order.version))

    async def void(self, order_id: UUID) -> int:
        return await self.do(cancellations.void, [order_id], "ban_list", self.clock())

    async def pay(
        self, order_id: UUID, amount: int, bill_id: UUID | None = None, purpose: BillPurpose = "prepayment"
    ) -> BillPaid:
        """What payment says when a bill was paid: whether or not the order still takes the money."""
        order = await self.order(order_id)
        event = BillPaid(
            version=2,
            bill_id=bill_id or uuid4(),
            order_id=order_id,
            customer_id=order.customer_id,
            purpose=purpose,
            payment_id=uuid4(),
            amount=amount,
            reference="1",
            paid_at=self.clock(),
        )
        await self.do(purchase.on_bill_paid, event, clock=self.clock, steps=PAID)
        return event

    async def pay_invitation(self, order_id: UUID) -> BillPaid:
        """The bill of its latest invitation, in whatever state that is."""
        found = await self.invitation(order_id)
        purpose: BillPurpose = "prepayment" if found.purpose == "prepayment" else "principal"
        return await self.pay(order_id, found.amount, found.bill_id, purpose)

    async def order(self, order_id: UUID) -> Order:
        async with self.database.transaction() as session:
            return await session.get_one(Order, order_id)

    async def orders(self) -> list[Order]:
        async with self.database.transaction() as session:
            return list(await session.scalars(select(Order).order_by(Order.id)))

    async def state(self, order_id: UUID) -> str:
        return (await self.order(order_id)).state

    async def invitation(self, order_id: UUID) -> Invitation:
        found = await self.do(queries.latest, order_id)
        assert found is not None, "the order was never invited"
        return found

    async def sold(self) -> int:
        async with self.database.transaction() as session:
            return (await session.get_one(Offering, self.offering_id)).sold

    async def published(self, name: str) -> list[dict[str, Any]]:
        """The payloads of the events of that name, oldest first."""
        statement = text(
            "SELECT convert_from(message, 'UTF8')::jsonb -> 'payload' FROM outbox"
            " WHERE routing_key = :name ORDER BY id"
        )
        async with self.database.transaction() as session:
            return [row[0] for row in await session.execute(statement, {"name": name})]


async def add(session: AsyncSession, *rows: object) -> None:
    session.add_all(rows)
