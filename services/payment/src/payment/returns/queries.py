"""What is owed back."""

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from payment.payments.tables import Payment
from payment.returns.tables import OwedReturn


async def owed_now(session: AsyncSession) -> tuple[int, int]:
    """How many payments are to be sent back, and their sum in Rial."""
    amount = func.coalesce(Payment.received, Payment.amount)
    statement = (
        select(func.count(), func.coalesce(func.sum(amount), 0))
        .select_from(OwedReturn)
        .join(Payment, Payment.id == OwedReturn.payment_id)
        .where(OwedReturn.done_at.is_(None))
    )
    count, total = (await session.execute(statement)).one()
    return count, int(total)
