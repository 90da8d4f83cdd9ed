"""A deposit becomes payments, settled as those of a provider are: ledger, bill, event and return at once."""

from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from payment.bills.tables import Bill
from payment.checkout import Checkout
from payment.deposits.domain import AT_BANK_COUNTER
from payment.payments.domain import Part, PaymentState
from payment.payments.settling import settle
from payment.payments.tables import Payment
from payment.providers.port import Verified


async def pay(session: AsyncSession, checkout: Checkout, bill: Bill, amount: int, reference: str) -> None:
    """``amount`` Rial of a deposit for a locked bill; what the bill cannot take goes back.

    The bank's word is the verification: the payment is never live, so one that is at a provider meanwhile
    does not stand in its way.
    """
    now = checkout.clock()
    payment = Payment(
        id=uuid7(),
        bill_id=bill.id,
        customer_id=bill.customer_id,
        provider=AT_BANK_COUNTER,
        amount=amount,
        part=Part.WHOLE if amount == bill.amount else Part.ASKED,
        remaining=max(bill.outstanding - amount, 0),
        state=PaymentState.VERIFIED,
        state_since=now,
        started_at=now,
        settled_at=now,
        version=1,
    )
    session.add(payment)
    await session.flush()
    await settle(session, checkout, bill, payment, Verified(reference, amount))
