"""Starting a payment of a bill."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from chassis.errors import NotFound
from chassis.idempotency import once
from chassis.logging import get_logger
from iran import Rial, tehran_date
from payment.bills import service as bills
from payment.bills.domain import check_payable
from payment.bills.tables import Bill
from payment.checkout import Checkout
from payment.payments import asking, opening
from payment.payments.domain import (
    LIVE,
    OtherAmountAtBank,
    Part,
    PaymentIsUnknown,
    PaymentState,
)
from payment.payments.opening import StartedPayment
from payment.payments.parts import limit_for, part_of
from payment.payments.tables import Payment
from payment.routing import choosing
from payment.routing.choosing import Case

log = get_logger(__name__)


class StartPayment(BaseModel):
    """``amount`` (Rial) is a part of what is outstanding, or all of it when missing; ``provider`` is ours to
    choose when missing."""

    model_config = ConfigDict(extra="forbid")

    amount: Rial | None = None
    provider: str | None = None


class Claim(BaseModel):
    """The payment that a request for a bill led to: a new one, or the one that is live."""

    payment_id: UUID


async def start(
    checkout: Checkout, customer_id: UUID, bill_id: UUID, key: str | None, request: StartPayment
) -> StartedPayment:
    """Where the buyer pays. Raises the rule that forbids it, or ``ProviderUnavailable``."""
    await asking.ask_when_session_ended(checkout, customer_id, bill_id)
    async with checkout.database.transaction() as session:
        claim = await once(
            session,
            key,
            f"pay:{customer_id}:{bill_id}",
            request,
            Claim,
            lambda: _claim(session, checkout, customer_id, bill_id, request),
        )
    return await opening.open_session(checkout, claim.payment_id, named=request.provider is not None)


async def _claim(
    session: AsyncSession, checkout: Checkout, customer_id: UUID, bill_id: UUID, request: StartPayment
) -> Claim:
    bill = await bills.find(session, Bill.id == bill_id, Bill.customer_id == customer_id, lock=True)
    if bill is None:
        raise NotFound
    choosing.check_known(checkout, request.provider)
    check_payable(bill.state, bill.due_at, checkout.clock(), payable_late=bill.payable_late)
    live = await session.scalar(select(Payment).where(Payment.bill_id == bill_id, Payment.state.in_(LIVE)))
    if live is None:
        limit = await limit_for(session, customer_id, tehran_date(checkout.clock()))
        amount, part = part_of(bill.outstanding, request.amount, limit)
        provider = await choosing.chosen(session, checkout, request.provider, Case(customer_id, amount))
        live = _new_payment(bill, provider, amount, part, checkout.clock())
        session.add(live)
        log.info("payment.payment.started", payment_id=str(live.id), bill_id=str(bill_id), part=part)
    elif live.state is PaymentState.UNKNOWN or live.has_left_bank(checkout.clock()):
        raise PaymentIsUnknown
    elif request.amount not in {None, live.amount}:
        raise OtherAmountAtBank(amount=live.amount)
    return Claim(payment_id=live.id)


def _new_payment(bill: Bill, provider: str, amount: int, part: Part, now: datetime) -> Payment:
    return Payment(
        id=uuid7(),
        bill_id=bill.id,
        customer_id=bill.customer_id,
        provider=provider,
        amount=amount,
        part=part,
        remaining=bill.outstanding - amount,
        state=PaymentState.STARTED,
        state_since=now,
        started_at=now,
        version=1,
    )
