"""The words of a contract: its template filled with the terms that were frozen, for people.

A text may name the fields below in braces; one that names another is refused when it is written. Identifiers
keep their ASCII digits, as people copy them; all other numbers are Persian.
"""

import string
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, field_validator

from chassis.validation import wrong_value
from iran import Rial, jalali_numeric, tehran_date, to_persian_digits
from sales.figures import percent
from sales.plans.terms import Delivery, OrderTerms
from sales.prose import Line, Prose

KINDS = {
    "immediate": "فروش فوری",
    "pre_sale": "پیش‌فروش",
    "participation": "مشارکت در تولید",
    "instalment": "فروش اقساطی",
    "power_of_attorney": "فروش وکالتی",
}
PRICE_POLICIES = {
    "fixed": "این بها تا تحویل خودرو ثابت است.",
    "day_price": "مانده‌ی بها بر پایه‌ی قیمت روز تسویه حساب می‌شود.",
}
CANCELLATION = {
    True: "خریدار می‌تواند تا پیش از صدور فاکتور انصراف دهد.",
    False: "انصراف از این قرارداد پیش‌بینی نشده است.",
}
TRANSFER = {
    True: "واگذاری قرارداد به دیگری با صلح و تأیید فروشنده ممکن است.",
    False: "این قرارداد به دیگری واگذار نمی‌شود.",
}


@dataclass(frozen=True)
class Signed:
    """What a contract froze, and who made it; ``buyer`` is None when their name is not known here."""

    contract_number: str
    request_number: str
    activated_at: datetime
    circular: str
    title: str
    colour: str | None
    price: int
    prepayment: int
    terms: OrderTerms
    schedule: Sequence[tuple[int, int, date]]
    """Number, amount in Rial and due day of each instalment."""
    buyer: str | None = None


def delivery_text(delivery: Delivery) -> str:
    if delivery.days is not None:
        return f"حداکثر {to_persian_digits(delivery.days)} روز پس از قرارداد"
    days: Mapping[str, date | None] = {"از": delivery.from_date, "تا": delivery.until_date}
    said = [f"{word} {jalali_numeric(day)}" for word, day in days.items() if day is not None]
    return " ".join(said) or "بنا بر بخشنامه‌ی طرح"


def fields_of(signed: Signed) -> dict[str, str]:
    """What a template may say, by name."""
    terms, rates = signed.terms, signed.terms.rates
    return {
        "buyer": signed.buyer or "خریدار",
        "contract_number": signed.contract_number,
        "request_number": signed.request_number,
        "contracted_on": jalali_numeric(tehran_date(signed.activated_at)),
        "circular": signed.circular,
        "kind": KINDS.get(terms.kind, terms.kind),
        "title": signed.title,
        "colour": signed.colour or "انتخاب فروشنده",
        "price": Rial(signed.price).text_fa,
        "price_words": Rial(signed.price).words_fa,
        "price_policy": PRICE_POLICIES[terms.price_policy],
        "prepayment": Rial(signed.prepayment).text_fa,
        "prepayment_words": Rial(signed.prepayment).words_fa,
        "late_fee": percent(rates.late_fee).fa,
        "cancellation_profit": percent(rates.cancellation_profit).fa,
        "participation_profit": percent(rates.participation_profit).fa,
        "cancellation": CANCELLATION[terms.cancellation_allowed],
        "transfer": TRANSFER[terms.transfer_allowed],
        "delivery": delivery_text(terms.delivery),
    }


SAMPLE = Signed(
    contract_number="200000000010",
    request_number="100000000016",
    activated_at=datetime.fromisoformat("2026-03-21T08:00:00+00:00"),
    circular="۱۴۰۵-۱",
    title="سپند دنده‌ای",
    colour="سفید",
    price=9_800_000_000,
    prepayment=4_900_000_000,
    terms=OrderTerms(delivery=Delivery(days=90)),
    schedule=[(1, 4_900_000_000, date(2026, 6, 21))],
    buyer="مریم نمونه",
)
"""Nobody's contract, for looking at a template."""
FIELDS = frozenset(fields_of(SAMPLE))


class Section(BaseModel):
    model_config = ConfigDict(extra="forbid")

    heading: Line
    text: Prose

    @field_validator("heading", "text")
    @classmethod
    def _says_what_is_known(cls, text: str) -> str:
        if unknown := _placeholders(text) - FIELDS:
            names = "، ".join(sorted(unknown))
            fa, en = f"قالب این نام را نمی‌شناسد: {names}", f"The template does not know {names}."
            raise wrong_value("unknown_placeholder", fa, en)
        return text


class TemplateText(BaseModel):
    """The next version of the contract's words."""

    model_config = ConfigDict(extra="forbid")

    title: Line
    sections: Annotated[list[Section], Field(min_length=1, max_length=60)]


def filled(sections: Sequence[Section], signed: Signed) -> list[Section]:
    """The sections as they are said to the buyer."""
    values = fields_of(signed)
    return [
        Section.model_construct(heading=each.heading.format_map(values), text=each.text.format_map(values))
        for each in sections
    ]


def _placeholders(text: str) -> set[str]:
    try:
        parsed = list(string.Formatter().parse(text))
    except ValueError:
        return {"{"}
    if any(spec or conversion for _, _, spec, conversion in parsed):
        return {"{"}
    return {name for _, name, _, _ in parsed if name is not None}
