"""Deposits become payments, settled as those of a provider are: ledger, bills, events and returns at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from payment.bills.tables import Bill
from payment.checkout import Checkout
from payment.deposits.domain import AT_BANK_COUNTER, Sharing
from payment.payments.domain import Part, PaymentState
from payment.payments.settling import Answered, settle_all
from payment.payments.tables import Payment
from payment.providers.port import Verified


@dataclass(frozen=True)
class Money:
    """``amount`` Rial of a deposit for a locked bill, of which ``remaining`` will be owed after it."""

    bill: Bill
    amount: int
    remaining: int
    reference: str


def shares(bill: Bill, share: Sharing, reference: str, remaining: int) -> list[Money]:
    """What a deposit comes to: what counts for its bill, and what goes back under a reference of its own."""
    parts = (
        Money(bill, share.counts, remaining, reference),
        Money(bill, share.goes_back, 0, f"{reference}+"),
    )
    return [part for part in parts if part.amount]


async def pay(session: AsyncSession, checkout: Checkout, deposited: Sequence[Money]) -> None:
    """In the order given; what a bill cannot take goes back.

    The bank's word is the verification: the payments are never live, so one that is at a provider meanwhile
    does not stand in their way.
    """
    now = checkout.clock()
    payments = [_payment(money, now) for money in deposited]
    session.add_all(payments)
    await session.flush()
    answers = [
        Answered(money.bill, payment, Verified(money.reference, money.amount))
        for money, payment in zip(deposited, payments, strict=True)
    ]
    await settle_all(session, checkout, answers)


def _payment(money: Money, now: datetime) -> Payment:
    return Payment(
        id=uuid7(),
        bill_id=money.bill.id,
        customer_id=money.bill.customer_id,
        provider=AT_BANK_COUNTER,
        amount=money.amount,
        part=Part.WHOLE if money.amount == money.bill.amount else Part.ASKED,
        remaining=money.remaining,
        state=PaymentState.VERIFIED,
        state_since=now,
        started_at=now,
        settled_at=now,
        version=1,
    )
