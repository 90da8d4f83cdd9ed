"""How a quote looks: each line with its sentence, so that a person can follow the arithmetic."""

from collections.abc import Callable, Mapping
from datetime import date
from uuid import UUID

from pydantic import BaseModel

from iran import Rial, jalali_numeric, to_persian_digits
from sales.cancellations.domain import Line, LineKind, Quote
from sales.orders.tables import Order
from sales.persian import percent

PURPOSES: Mapping[str, str] = {
    "deposit": "ودیعه",
    "prepayment": "پیش‌پرداخت",
    "principal": "تسویه‌ی اصل",
    "instalment": "قسط",
    "penalty": "تسویه‌ی جریمه",
    "fee": "کارمزد",
}


def _payment(line: Line) -> str:
    assert line.since is not None
    return f"{PURPOSES[line.purpose or '']}، دریافت‌شده در {jalali_numeric(line.since)}"


def _profit(line: Line) -> str:
    assert line.since is not None
    assert line.rate is not None
    return (
        f"سود {PURPOSES[line.purpose or '']}: {Rial(line.base).text_fa} × {percent(line.rate)} در سال × "
        f"{to_persian_digits(str(line.days))} روز از {jalali_numeric(line.since)} ÷ ۳۶۵"
    )


def _deduction(line: Line) -> str:
    if line.rate is None:
        return f"{PURPOSES[line.purpose or '']} برنمی‌گردد"
    return f"کسر {percent(line.rate)} از {Rial(line.base).text_fa} پرداخت‌شده"


SENTENCES: Mapping[LineKind, Callable[[Line], str]] = {
    "payment": _payment,
    "profit": _profit,
    "deduction": _deduction,
}


class QuoteLine(BaseModel):
    """``amount`` (Rial) is below zero for a deduction; ``rate`` is in basis points a year, or of the base."""

    kind: LineKind
    amount: int
    base: int
    purpose: str | None
    since: date | None
    days: int | None
    rate: int | None
    note: str


class CancellationQuote(BaseModel):
    """Rial. ``quote`` names it: send it to confirm; it holds until the day or the order changes."""

    quote: str
    order_id: UUID
    day: date
    paid: int
    profit: int
    deductions: int
    refund: int
    lines: list[QuoteLine]

    @classmethod
    def of(cls, order: Order, quoted: Quote) -> "CancellationQuote":
        return cls(
            quote=quoted.digest(str(order.id), order.version),
            order_id=order.id,
            day=quoted.day,
            paid=quoted.paid,
            profit=quoted.profit,
            deductions=quoted.deductions,
            refund=quoted.refund,
            lines=[
                QuoteLine(
                    kind=line.kind,
                    amount=line.amount,
                    base=line.base,
                    purpose=line.purpose,
                    since=line.since,
                    days=line.days,
                    rate=line.rate,
                    note=SENTENCES[line.kind](line),
                )
                for line in quoted.lines
            ],
        )
