"""What a buyer has paid of a contract, and what is left."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from iran import tehran_date
from sales.contracts.tables import Contract
from sales.invitations import queries as invitations
from sales.invitations.domain import InvitationState
from sales.invitations.tables import Invitation
from sales.orders.received import TOWARDS_PRICE, OrderPayment, received_for
from sales.orders.tables import Order
from sales.orders.terms import terms_of
from sales.plans.terms import OrderTerms
from sales.settlement.domain import (
    BillState,
    Cap,
    FeeLine,
    InstalmentState,
    Part,
    fee_lines,
    fee_of,
)
from sales.settlement.tables import BillPart, Instalment, LateFeeCap, SettlementBill

PAID = frozenset({InstalmentState.PAID, InstalmentState.COVERED})


@dataclass(frozen=True)
class Account:
    """An order's money; Rial."""

    order: Order
    contract: Contract | None
    terms: OrderTerms
    received: Sequence[OrderPayment]
    instalments: Sequence[Instalment]
    bills: Sequence[SettlementBill]
    parts: Mapping[object, Sequence[Part]]
    caps: Sequence[Cap]
    invitation: Invitation | None
    """The one that asks for the rest of the price now."""

    @property
    def paid(self) -> int:
        """Towards the price."""
        return sum(one.amount for one in self.received if one.purpose in TOWARDS_PRICE)

    @property
    def outstanding(self) -> int:
        return self.order.price - self.paid

    @property
    def billed(self) -> int:
        """What open bills ask for of what is outstanding."""
        asked = [one.amount for one in self.instalments if one.state == InstalmentState.BILLED]
        whole = [one.amount for one in (self.open_bill("principal"), self.invitation) if one is not None]
        return sum(asked) + sum(whole)

    @property
    def to_come(self) -> int:
        """Instalments that have no bill yet."""
        return sum(one.amount for one in self.instalments if one.state == InstalmentState.COMING)

    def open_bill(self, purpose: str) -> SettlementBill | None:
        found = (bill for bill in self.bills if bill.purpose == purpose and bill.state == BillState.OPEN)
        return next(found, None)

    def fee_lines(self, instalment: Instalment, today: date) -> list[FeeLine]:
        """How the late fee of one instalment comes about until ``today``."""
        came = list(self.parts.get(instalment.bill_id, ()))
        rest = instalment.amount - sum(part.amount for part in came)
        paid_on = tehran_date(instalment.paid_at) if instalment.paid_at else None
        parts = [*came, Part(rest, paid_on)]
        if instalment.state == InstalmentState.VOID:
            return []
        return fee_lines(instalment.due_on, parts, self.terms.rates.late_fee, self.caps, today)

    def fees(self, today: date) -> int:
        return sum(fee_of(self.fee_lines(one, today)) for one in self.instalments)

    def fees_owed(self, today: date) -> int:
        """The late fees that were not paid yet."""
        settled = sum(one.amount for one in self.received if one.purpose == "penalty")
        return max(self.fees(today) - settled, 0)

    @property
    def due_before_delivery(self) -> int:
        """What is to be paid before a car is allocated: all but the coming part of a sale by instalments."""
        return self.outstanding - (self.to_come if self.terms.kind == "instalment" else 0)


async def account_of(session: AsyncSession, order: Order) -> Account:
    instalments = await session.scalars(
        select(Instalment).where(Instalment.order_id == order.id).order_by(Instalment.number)
    )
    bills = await session.scalars(select(SettlementBill).where(SettlementBill.order_id == order.id))
    rows = instalments.all()
    return Account(
        order=order,
        contract=await session.scalar(select(Contract).where(Contract.order_id == order.id)),
        terms=terms_of(order),
        received=await received_for(session, order.id),
        instalments=rows,
        bills=bills.all(),
        parts=await _parts(session, rows),
        caps=await all_caps(session),
        invitation=await _open_invitation(session, order),
    )


async def all_caps(session: AsyncSession) -> Sequence[Cap]:
    rows = await session.scalars(select(LateFeeCap).order_by(LateFeeCap.valid_from))
    return [Cap(row.valid_from, row.rate) for row in rows]


async def _open_invitation(session: AsyncSession, order: Order) -> Invitation | None:
    newest = await invitations.latest(session, order.id)
    is_open = newest is not None and newest.state == InvitationState.ISSUED and newest.purpose == "principal"
    return newest if is_open else None


async def _parts(session: AsyncSession, instalments: Sequence[Instalment]) -> Mapping[object, Sequence[Part]]:
    bill_ids = [one.bill_id for one in instalments if one.bill_id is not None]
    parts: dict[object, list[Part]] = defaultdict(list)
    for row in await session.scalars(select(BillPart).where(BillPart.bill_id.in_(bill_ids))):
        parts[row.bill_id].append(Part(row.amount, tehran_date(row.paid_at)))
    return parts
