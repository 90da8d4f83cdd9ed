"""A customer's own payments."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Row, select
from sqlalchemy.ext.asyncio import AsyncSession

from payment.bills.tables import Bill
from payment.payments.tables import Payment
from payment.returns.tables import OwedReturn

PAGE = 100
OwnPayment = Row[Payment, bool]
"""A payment, and whether its money is still to be sent back."""

_OWN = select(Payment, (OwedReturn.payment_id.is_not(None)).label("returning")).outerjoin(
    OwedReturn, (OwedReturn.payment_id == Payment.id) & OwedReturn.done_at.is_(None)
)


async def own_payment(session: AsyncSession, customer_id: UUID, payment_id: UUID) -> OwnPayment | None:
    statement = _OWN.where(Payment.id == payment_id, Payment.customer_id == customer_id)
    return (await session.execute(statement)).first()


@dataclass(frozen=True)
class Of:
    """Which of a customer's payments: those of a bill or of an order, older than ``before``."""

    bill_id: UUID | None = None
    order_id: UUID | None = None
    before: UUID | None = None


async def own_payments(session: AsyncSession, customer_id: UUID, of: Of) -> Sequence[OwnPayment]:
    """A page, the newest first."""
    statement = _OWN.where(Payment.customer_id == customer_id)
    if of.bill_id is not None:
        statement = statement.where(Payment.bill_id == of.bill_id)
    if of.order_id is not None:
        bills = select(Bill.id).where(Bill.order_id == of.order_id)
        statement = statement.where(Payment.bill_id.in_(bills))
    if of.before is not None:
        statement = statement.where(Payment.id < of.before)
    return (await session.execute(statement.order_by(Payment.id.desc()).limit(PAGE))).all()
