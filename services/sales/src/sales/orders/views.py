"""How an order looks to its buyer."""

from collections.abc import Mapping
from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel

from chassis.errors import Sentence
from sales.draws.views import Ticket
from sales.eligibility.domain import REFUSALS
from sales.orders.domain import OrderState
from sales.orders.queries import OrderDetails
from sales.orders.tables import Order

NOTES: dict[str, str] = {
    "registered": "ثبت‌نام شما در این طرح انجام شد و در قرعه‌کشی شرکت داده می‌شود.",
    "awaiting_payment": "سفارش ثبت شد و خودرو تا پایان مهلت پرداخت برای شما نگه داشته می‌شود.",
    "paid": "پرداخت شما رسید.",
    "contract_active": "قرارداد شما فعال شد.",
    "settled": "آنچه باید پیش از تخصیص خودرو پرداخت می‌شد پرداخت شد.",
    "allocated": "خودرو به قرارداد شما تخصیص یافت.",
    "invoiced": "فاکتور خودرو صادر شد.",
    "plated": "خودرو شماره‌گذاری شد.",
    "sent_to_dealer": "خودرو به نمایندگی ارسال شد.",
    "ready": "خودرو آماده‌ی تحویل است.",
    "delivered": "خودرو تحویل داده شد.",
    "delay_penalty_credited": "جریمه‌ی تأخیر در تحویل محاسبه شد و به حساب شما واریز می‌شود.",
    "invitation_expired": "مهلت دعوتنامه گذشت؛ می‌توانید واگذاری مجدد بخواهید.",
    "invited": "دعوتنامه‌ی پرداخت صادر شد؛ تا پایان مهلت آن پرداخت کنید.",
    "reassigned": "خودرو به قیمت روز دوباره به شما واگذار شد؛ تا پایان مهلت پرداخت کنید.",
    "refund_paid": "مبلغ قابل بازگشت به شبای شما واریز شد.",
    "transferred": "قرارداد به شخص دیگری صلح شد.",
    "colour_changed": "رنگ خودرو به درخواست شما تغییر کرد.",
    "dealership_changed": "نمایندگی تحویل به درخواست شما تغییر کرد.",
    "cancelled": "انصراف شما ثبت شد.",
    "voided": "سفارش به دلیل احراز نشدن شرایط باطل شد.",
    "lapsed": "مهلت پرداخت گذشت و خودرو آزاد شد.",
    "fully_paid": "همه‌ی بهای خودرو پرداخت شد.",
    "repriced": "بهای خودرو برابر قیمت روز شد.",
    "payment_reversed": "پول پرداختی به کارت شما برگشت.",
    "payment_refunded": "پول پرداختی به حساب شما برگشت.",
}


class TimelineEntry(BaseModel):
    """A fact of the order's life; ``note`` is for people."""

    state: str
    at: datetime
    note: str


Action = Literal["pay", "wait_for_draw", "ask_for_reassignment", "wait_for_delivery", "collect_car", "none"]


class NextStep(BaseModel):
    """What the buyer does next, when that is to pay before a time, or nothing more."""

    action: Action
    before: datetime | None = None


class OrderSummary(BaseModel):
    """Money in Rial. ``draw`` is told of one opened order only, when its plan has a draw."""

    order_id: UUID
    request_number: str
    invitation_number: str | None = None
    contract_number: str | None
    plan_id: UUID
    title: str
    colour: str | None
    price: int
    prepayment: int
    state: str
    placed_at: datetime
    pay_before: datetime | None
    dealership: str | None
    timeline: list[TimelineEntry]
    next_step: NextStep
    draw: Ticket | None = None

    @classmethod
    def of(cls, details: OrderDetails) -> "OrderSummary":
        order = details.order
        return cls(
            order_id=order.id,
            request_number=order.request_number,
            invitation_number=details.invitation_number,
            contract_number=details.contract_number,
            plan_id=order.plan_id,
            title=order.title,
            colour=order.colour,
            price=order.price,
            prepayment=order.prepayment,
            state=order.state,
            placed_at=order.placed_at,
            pay_before=order.pay_before,
            dealership=details.dealership.name if details.dealership else None,
            timeline=timeline(order),
            next_step=next_step(order),
        )


class OrderList(BaseModel):
    items: list[OrderSummary]
    next_cursor: UUID | None


def timeline(order: Order) -> list[TimelineEntry]:
    """With the reason, where a rule was not met and there are words for it."""
    return [_entry(entry, REFUSALS.get(str(entry.get("rule")))) for entry in order.timeline]


def public_timeline(order: Order) -> list[TimelineEntry]:
    """Without what the reasons say of the person."""
    return [_entry(entry) for entry in order.timeline]


def _entry(entry: Mapping[str, object], reason: Sentence | None = None) -> TimelineEntry:
    note = NOTES[str(entry["state"])]
    said = f"{note} {reason.fa}" if reason is not None else note
    return TimelineEntry.model_validate({**entry, "note": said})


WAITING: dict[str, Action] = {
    OrderState.REGISTERED: "wait_for_draw",
    **dict.fromkeys(
        (
            OrderState.CONTRACT_ACTIVE,
            OrderState.SETTLED,
            OrderState.ALLOCATED,
            OrderState.INVOICED,
            OrderState.PLATED,
            OrderState.SENT_TO_DEALER,
        ),
        "wait_for_delivery",
    ),
    OrderState.READY: "collect_car",
    OrderState.INVITATION_EXPIRED: "ask_for_reassignment",
}


def next_step(order: Order) -> NextStep:
    if order.state == OrderState.AWAITING_PAYMENT:
        return NextStep(action="pay", before=order.pay_before)
    return NextStep(action=WAITING.get(order.state, "none"))
