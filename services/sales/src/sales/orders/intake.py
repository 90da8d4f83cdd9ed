"""The statements of the admission: each handles a whole batch, whatever its size."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import ARRAY, BigInteger, DateTime, LargeBinary, Text, Uuid, bindparam, text
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.messaging import outbox
from events.sales import OrderPlaced
from sales.capacity import counters
from sales.eligibility.domain import Applicant
from sales.orders.domain import Choice, OrderState, Receipt
from sales.orders.numbers import NumberKind, new_number


@dataclass(frozen=True, slots=True)
class NewOrder:
    """An order about to be inserted; money in Rial."""

    id: UUID
    choice: Choice
    request_number: str
    title: str
    price: int
    prepayment: int
    placed_at: datetime
    pay_before: datetime

    def receipt(self) -> Receipt:
        return Receipt(self.id, self.request_number, OrderState.AWAITING_PAYMENT, self.pay_before)

    def renumbered(self) -> "NewOrder":
        return replace(self, request_number=new_number(NumberKind.REQUEST))

    def event(self) -> OrderPlaced:
        return OrderPlaced(
            order_id=self.id,
            version=1,
            customer_id=self.choice.customer_id,
            plan_id=self.choice.plan_id,
            request_number=self.request_number,
            title=self.title,
            amount=self.prepayment,
            pay_before=self.pay_before,
        )


@dataclass(frozen=True, slots=True)
class KnownRequest:
    receipt: Receipt
    fingerprint: bytes


@dataclass(frozen=True, slots=True)
class Existing:
    """``by_key``: (customer, idempotency key) to its order; ``live``: (plan, customer) with an order."""

    by_key: dict[tuple[UUID, str], KnownRequest]
    live: set[tuple[UUID, UUID]]


APPLICANTS = text(
    "SELECT id, birth_date, province, mobile_verified, coalesce(disabled, false) AS disabled"
    " FROM customers LEFT JOIN disablements ON customer_id = id WHERE id = ANY(:ids)"
).bindparams(bindparam("ids", type_=ARRAY(Uuid)))

INQUIRIES = text(
    "SELECT customer_id, kind, result FROM customer_inquiries WHERE customer_id = ANY(:ids)"
).bindparams(bindparam("ids", type_=ARRAY(Uuid)))

INSERT = text(
    """
    INSERT INTO orders (id, request_number, plan_id, offering_id, customer_id, dealership_id, title, colour,
                        price, prepayment, state, live, version, placed_at, pay_before, timeline,
                        idempotency_key, fingerprint)
    SELECT id, request_number, plan_id, offering_id, customer_id, dealership_id, title, colour,
           price, prepayment, 'awaiting_payment', true, 1, placed_at, pay_before,
           jsonb_build_array(jsonb_build_object('state', 'awaiting_payment', 'at', placed_at)),
           idempotency_key, fingerprint
    FROM unnest(:id, :request_number, :plan_id, :offering_id, :customer_id, :dealership_id, :title, :colour,
                :price, :prepayment, :placed_at, :pay_before, :idempotency_key, :fingerprint)
      AS new (id, request_number, plan_id, offering_id, customer_id, dealership_id, title, colour,
              price, prepayment, placed_at, pay_before, idempotency_key, fingerprint)
    ON CONFLICT DO NOTHING
    RETURNING id
    """
).bindparams(
    *(
        bindparam(n, type_=ARRAY(Uuid))
        for n in ("id", "plan_id", "offering_id", "customer_id", "dealership_id")
    ),
    *(bindparam(n, type_=ARRAY(Text)) for n in ("request_number", "title", "colour", "idempotency_key")),
    *(bindparam(n, type_=ARRAY(BigInteger)) for n in ("price", "prepayment")),
    *(bindparam(n, type_=ARRAY(DateTime(timezone=True))) for n in ("placed_at", "pay_before")),
    bindparam("fingerprint", type_=ARRAY(LargeBinary)),
)

EXISTING = text(
    "SELECT id, plan_id, customer_id, request_number, state, live, pay_before, idempotency_key, fingerprint"
    " FROM orders WHERE customer_id = ANY(:ids)"
).bindparams(bindparam("ids", type_=ARRAY(Uuid)))


async def applicants(
    session: AsyncSession, customer_ids: Collection[UUID], *, inquiries: bool
) -> dict[UUID, Applicant]:
    """What is known of each customer, the results of ``inquiries`` only when they are wanted.

    That they have no order yet is the index's business.
    """
    found = {customer_id: Applicant(customer_id) for customer_id in customer_ids}
    if not found:
        return found
    results = await _results(session, customer_ids) if inquiries else {}
    for row in await session.execute(APPLICANTS, {"ids": list(found)}):
        found[row.id] = Applicant(
            row.id,
            True,
            row.birth_date,
            row.province,
            row.mobile_verified,
            disabled=row.disabled,
            inquiries=results.get(row.id, {}),
        )
    return found


async def _results(session: AsyncSession, customer_ids: Collection[UUID]) -> dict[UUID, dict[str, str]]:
    results: dict[UUID, dict[str, str]] = defaultdict(dict)
    for row in await session.execute(INQUIRIES, {"ids": list(customer_ids)}):
        results[row.customer_id][row.kind] = row.result
    return results


async def insert(session: AsyncSession, orders: Sequence[NewOrder]) -> set[UUID]:
    """Inserts what meets no other order; the ids of those that went in."""
    choices = [order.choice for order in orders]
    columns = {
        "id": [order.id for order in orders],
        "request_number": [order.request_number for order in orders],
        "plan_id": [choice.plan_id for choice in choices],
        "offering_id": [choice.offering_id for choice in choices],
        "customer_id": [choice.customer_id for choice in choices],
        "dealership_id": [choice.dealership_id for choice in choices],
        "title": [order.title for order in orders],
        "colour": [choice.colour for choice in choices],
        "price": [order.price for order in orders],
        "prepayment": [order.prepayment for order in orders],
        "placed_at": [order.placed_at for order in orders],
        "pay_before": [order.pay_before for order in orders],
        "idempotency_key": [choice.idempotency_key for choice in choices],
        "fingerprint": [choice.fingerprint for choice in choices],
    }
    return set((await session.execute(INSERT, columns)).scalars())


async def record(session: AsyncSession, orders: Sequence[NewOrder]) -> None:
    """Moves the counters by what was inserted and publishes it."""
    if not orders:
        return
    await counters.take(session, [order.choice for order in orders])
    await outbox.record(session, *(order.event() for order in orders))


async def existing(session: AsyncSession, choices: Sequence[Choice]) -> Existing:
    """The orders these persons have."""
    known = Existing({}, set())
    if not choices:
        return known
    ids = list({choice.customer_id for choice in choices})
    for row in await session.execute(EXISTING, {"ids": ids}):
        receipt = Receipt(row.id, row.request_number, OrderState.AWAITING_PAYMENT, row.pay_before)
        if row.idempotency_key is not None:
            known.by_key[row.customer_id, row.idempotency_key] = KnownRequest(receipt, bytes(row.fingerprint))
        if row.live:
            known.live.add((row.plan_id, row.customer_id))
    return known
