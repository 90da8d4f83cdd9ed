"""A customer's own payments."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Row, select
from sqlalchemy.ext.asyncio import AsyncSession

from payment.payments.tables import Payment
from payment.returns.tables import OwedReturn

OwnPayment = Row[Payment, bool]
"""A payment, and whether its money is still to be sent back."""

_OWN = select(Payment, (OwedReturn.payment_id.is_not(None)).label("returning")).outerjoin(
    OwedReturn, (OwedReturn.payment_id == Payment.id) & OwedReturn.done_at.is_(None)
)


async def own_payment(session: AsyncSession, customer_id: UUID, payment_id: UUID) -> OwnPayment | None:
    statement = _OWN.where(Payment.id == payment_id, Payment.customer_id == customer_id)
    return (await session.execute(statement)).first()


async def own_payments_of_bill(
    session: AsyncSession, customer_id: UUID, bill_id: UUID
) -> Sequence[OwnPayment]:
    """The newest first."""
    statement = _OWN.where(Payment.bill_id == bill_id, Payment.customer_id == customer_id)
    return (await session.execute(statement.order_by(Payment.id.desc()))).all()
