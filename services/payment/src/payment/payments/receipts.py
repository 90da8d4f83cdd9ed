"""Receipts: what a buyer shows who is asked whether the money was paid."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.documents import Document, latin
from chassis.errors import NotFound, Problem
from iran import Rial, jalali_moment
from payment.bills.domain import Purpose
from payment.bills.tables import Bill
from payment.bills.wording import PURPOSES
from payment.payments import queries
from payment.payments.domain import PaymentState
from payment.payments.wording import PROVIDERS

STANDINGS: Mapping[PaymentState, str] = {
    PaymentState.VERIFIED: "پرداخت شد",
    PaymentState.REVERSED: "پرداخت شد و به کارت برگشت",
    PaymentState.REFUNDED: "پرداخت شد و به حساب برگشت",
}
"""Only of these there is a receipt: the provider confirmed the money, under a reference."""


class NoReceipt(Problem):
    code = "no_receipt"
    fa = "برای این پرداخت رسیدی نیست، چون پولی از آن نرسیده است."
    en = "There is no receipt: no money came by this payment."


@dataclass(frozen=True)
class Receipt:
    payment_id: UUID
    purpose: Purpose
    state: PaymentState
    amount: int
    paid_at: datetime
    provider: str
    reference: str
    card: str | None
    remaining: int


async def own_receipt(session: AsyncSession, customer_id: UUID, payment_id: UUID) -> Receipt:
    """Raises ``NotFound`` for others' payments, ``NoReceipt`` when no money came."""
    row = await queries.own_payment(session, customer_id, payment_id)
    if row is None:
        raise NotFound
    payment, _ = row
    if payment.state not in STANDINGS or payment.reference is None or payment.settled_at is None:
        raise NoReceipt
    bill = await session.get_one(Bill, payment.bill_id)
    return Receipt(
        payment_id=payment.id,
        purpose=bill.purpose,
        state=payment.state,
        amount=payment.amount,
        paid_at=payment.settled_at,
        provider=payment.provider,
        reference=payment.reference,
        card=payment.card,
        remaining=payment.remaining,
    )


def document(receipt: Receipt) -> Document:
    paper = Document("رسید پرداخت", receipt.paid_at, "رسید پرداخت نوبت")
    facts = [
        ("شناسه پرداخت", latin(str(receipt.payment_id))),
        ("بابت", PURPOSES[receipt.purpose]),
        ("وضعیت", STANDINGS[receipt.state]),
        ("مبلغ", Rial(receipt.amount).text_fa),
        ("مبلغ به حروف", Rial(receipt.amount).words_fa),
        ("زمان", jalali_moment(receipt.paid_at)),
        ("درگاه", PROVIDERS[receipt.provider]),
        ("شماره پیگیری بانک", latin(receipt.reference)),
    ]
    if receipt.card:
        facts.append(("کارت", latin(receipt.card)))
    if receipt.remaining:
        facts.append(("مانده قبض پس از این پرداخت", Rial(receipt.remaining).text_fa))
    paper.facts(facts)
    return paper
