"""The statements of the admission: each handles a whole batch, whatever its size."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import ARRAY, BigInteger, DateTime, LargeBinary, Text, Uuid, bindparam, text
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.messaging import outbox
from events.sales import OrderPlaced
from sales.capacity import counters
from sales.orders.domain import Choice, OrderState, Receipt
from sales.orders.numbers import NumberKind, new_number
from sales.plans.domain import QuotaKey


@dataclass(frozen=True, slots=True)
class NewOrder:
    """An order about to be inserted; money in Rial, ``terms`` in JSON text.

    ``quotas`` are the limited ones that it counts in. Without ``pay_before`` it waits for a draw and counts
    in none; ``numbers`` are then the places of its choices in the plan, from 1.
    """

    id: UUID
    choice: Choice
    request_number: str
    title: str
    price: int
    prepayment: int
    placed_at: datetime
    pay_before: datetime | None
    terms: str
    quotas: tuple[QuotaKey, ...] = ()
    numbers: tuple[int, ...] = ()

    @property
    def state(self) -> OrderState:
        return OrderState.REGISTERED if self.pay_before is None else OrderState.AWAITING_PAYMENT

    def receipt(self) -> Receipt:
        return Receipt(self.id, self.request_number, self.state, self.pay_before)

    def renumbered(self) -> "NewOrder":
        return replace(self, request_number=new_number(NumberKind.REQUEST))

    def event(self, pay_before: datetime) -> OrderPlaced:
        return OrderPlaced(
            order_id=self.id,
            version=1,
            customer_id=self.choice.customer_id,
            plan_id=self.choice.plan_id,
            request_number=self.request_number,
            title=self.title,
            amount=self.prepayment,
            pay_before=pay_before,
        )


Register = Callable[[AsyncSession, Sequence[NewOrder]], Awaitable[None]]
"""What else is written of orders that wait for a draw, in the transaction that inserts them."""


@dataclass(frozen=True, slots=True)
class KnownRequest:
    receipt: Receipt
    fingerprint: bytes


@dataclass(frozen=True, slots=True)
class Existing:
    """``by_key``: (customer, idempotency key) to its order; ``live``: (plan, customer) with an order."""

    by_key: dict[tuple[UUID, str], KnownRequest]
    live: set[tuple[UUID, UUID]]


INSERT = text(
    """
    WITH kinds AS MATERIALIZED (
        SELECT kind, CAST(terms AS jsonb) AS terms FROM unnest(:kinds) WITH ORDINALITY AS given (terms, kind)
    )
    INSERT INTO orders (id, request_number, plan_id, offering_id, customer_id, dealership_id, applicant_class,
                        title, colour, price, prepayment, state, live, version, placed_at, pay_before, terms,
                        timeline, idempotency_key, fingerprint)
    SELECT id, request_number, plan_id, offering_id, customer_id, dealership_id, applicant_class,
           title, colour, price, prepayment, state, true, 1, placed_at, pay_before, terms,
           jsonb_build_array(jsonb_build_object('state', state, 'at', placed_at)),
           idempotency_key, fingerprint
    FROM unnest(:id, :request_number, :plan_id, :offering_id, :customer_id, :dealership_id, :applicant_class,
                :title, :colour, :price, :prepayment, :state, :placed_at, :pay_before, :kind,
                :idempotency_key, :fingerprint)
      AS new (id, request_number, plan_id, offering_id, customer_id, dealership_id, applicant_class,
              title, colour, price, prepayment, state, placed_at, pay_before, kind,
              idempotency_key, fingerprint)
    JOIN kinds USING (kind)
    ON CONFLICT DO NOTHING
    RETURNING id
    """
).bindparams(
    *(
        bindparam(n, type_=ARRAY(Uuid))
        for n in ("id", "plan_id", "offering_id", "customer_id", "dealership_id")
    ),
    *(
        bindparam(n, type_=ARRAY(Text))
        for n in (
            "request_number",
            "applicant_class",
            "title",
            "colour",
            "state",
            "idempotency_key",
            "kinds",
        )
    ),
    *(bindparam(n, type_=ARRAY(BigInteger)) for n in ("price", "prepayment", "kind")),
    *(bindparam(n, type_=ARRAY(DateTime(timezone=True))) for n in ("placed_at", "pay_before")),
    bindparam("fingerprint", type_=ARRAY(LargeBinary)),
)

EXISTING = text(
    "SELECT id, plan_id, customer_id, request_number, timeline -> 0 ->> 'state' AS first_state, live,"
    " pay_before, idempotency_key, fingerprint FROM orders WHERE customer_id = ANY(:ids)"
).bindparams(bindparam("ids", type_=ARRAY(Uuid)))


async def insert(session: AsyncSession, orders: Sequence[NewOrder]) -> set[UUID]:
    """Inserts what meets no other order; the ids of those that went in."""
    choices = [order.choice for order in orders]
    kinds = {terms: number for number, terms in enumerate(dict.fromkeys(o.terms for o in orders), 1)}
    columns = {
        "id": [order.id for order in orders],
        "request_number": [order.request_number for order in orders],
        "plan_id": [choice.plan_id for choice in choices],
        "offering_id": [choice.offering_id for choice in choices],
        "customer_id": [choice.customer_id for choice in choices],
        "dealership_id": [choice.dealership_id for choice in choices],
        "applicant_class": [choice.applicant_class for choice in choices],
        "title": [order.title for order in orders],
        "colour": [choice.colour for choice in choices],
        "price": [order.price for order in orders],
        "prepayment": [order.prepayment for order in orders],
        "state": [order.state for order in orders],
        "kind": [kinds[order.terms] for order in orders],
        "kinds": list(kinds),
        "placed_at": [order.placed_at for order in orders],
        "pay_before": [order.pay_before for order in orders],
        "idempotency_key": [choice.idempotency_key for choice in choices],
        "fingerprint": [choice.fingerprint for choice in choices],
    }
    return set((await session.execute(INSERT, columns)).scalars())


async def record(session: AsyncSession, orders: Sequence[NewOrder], register: Register) -> None:
    """Moves the counters by what was inserted and publishes it; ``register`` gets what waits for a draw."""
    held = [(order, order.pay_before) for order in orders if order.pay_before is not None]
    await counters.take(session, [(order.choice.offering_id, order.quotas) for order, _ in held])
    await outbox.record(session, *(order.event(pay_before) for order, pay_before in held))
    if len(held) < len(orders):
        await register(session, [order for order in orders if order.pay_before is None])


async def existing(session: AsyncSession, choices: Sequence[Choice]) -> Existing:
    """The orders these persons have."""
    known = Existing({}, set())
    if not choices:
        return known
    ids = list({choice.customer_id for choice in choices})
    for row in await session.execute(EXISTING, {"ids": ids}):
        pay_before = row.pay_before if row.first_state == OrderState.AWAITING_PAYMENT else None
        receipt = Receipt(row.id, row.request_number, row.first_state, pay_before)
        if row.idempotency_key is not None:
            known.by_key[row.customer_id, row.idempotency_key] = KnownRequest(receipt, bytes(row.fingerprint))
        if row.live:
            known.live.add((row.plan_id, row.customer_id))
    return known
