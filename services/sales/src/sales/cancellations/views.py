"""How a quote looks: each line with its sentence, so that a person can follow the arithmetic."""

from collections.abc import Callable, Mapping
from datetime import date
from uuid import UUID

from pydantic import BaseModel

from chassis.errors import Sentence
from iran import Rial, jalali_numeric, to_persian_digits
from sales.cancellations.domain import Line, LineKind, Quote
from sales.figures import percent
from sales.orders.tables import Order

PURPOSES: Mapping[str, Sentence] = {
    "deposit": Sentence("ودیعه", "Deposit"),
    "prepayment": Sentence("پیش‌پرداخت", "Prepayment"),
    "principal": Sentence("تسویه‌ی اصل", "Principal"),
    "instalment": Sentence("قسط", "Instalment"),
    "penalty": Sentence("تسویه‌ی جریمه", "Late fee"),
    "fee": Sentence("کارمزد", "Fee"),
}


def _payment(line: Line) -> Sentence:
    assert line.since is not None
    what = PURPOSES[line.purpose or ""]
    return Sentence(
        f"{what.fa}، دریافت‌شده در {jalali_numeric(line.since)}",
        f"{what.en}, received on {_english_day(line.since)}",
    )


def _profit(line: Line) -> Sentence:
    assert line.since is not None
    assert line.rate is not None
    what, rate = PURPOSES[line.purpose or ""], percent(line.rate)
    return Sentence(
        f"سود {what.fa}: {Rial(line.base).text_fa} × {rate.fa} در سال × "
        f"{to_persian_digits(str(line.days))} روز از {jalali_numeric(line.since)} ÷ ۳۶۵",
        f"Profit on the {what.en.lower()}: {line.base:,} Rial × {rate.en} a year × "
        f"{line.days} days from {_english_day(line.since)} ÷ 365",
    )


def _deduction(line: Line) -> Sentence:
    if line.rate is None:
        what = PURPOSES[line.purpose or ""]
        return Sentence(f"{what.fa} برنمی‌گردد", f"{what.en}, not returned")
    rate = percent(line.rate)
    return Sentence(
        f"کسر {rate.fa} از {Rial(line.base).text_fa} پرداخت‌شده",
        f"Deduction of {rate.en} of the {line.base:,} Rial paid",
    )


def _english_day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


SENTENCES: Mapping[LineKind, Callable[[Line], Sentence]] = {
    "payment": _payment,
    "profit": _profit,
    "deduction": _deduction,
}


class QuoteLine(BaseModel):
    """``amount`` (Rial) is below zero for a deduction; ``rate`` is in basis points a year, or of the base.
    ``note`` is a sentence in the language of ``Accept-Language``.
    """

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
    def of(cls, order: Order, quoted: Quote, language: str) -> "CancellationQuote":
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
                    note=SENTENCES[line.kind](line).in_language(language),
                )
                for line in quoted.lines
            ],
        )
