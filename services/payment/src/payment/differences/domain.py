"""Why a bank's or a provider's word differs from ours, as one table."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from chassis.errors import Problem, Sentence


class Source(StrEnum):
    """Whose word it is: a bank's statement, or a provider's day."""

    DEPOSITS = "deposits"
    PROVIDER_DAY = "provider_day"


class Reason(StrEnum):
    UNKNOWN_BILL = "unknown_bill"
    TOO_LITTLE = "too_little"
    TOO_MUCH = "too_much"
    PAID_TWICE = "paid_twice"
    TOO_LATE = "too_late"
    TOLD_LATE = "told_late"
    SAME_REFERENCE = "same_reference"
    PAID_THERE = "paid_there"
    NOT_PAID_THERE = "not_paid_there"
    RETURNED_THERE = "returned_there"
    NOT_RETURNED_THERE = "not_returned_there"
    UNDECIDED_HERE = "undecided_here"
    UNKNOWN_HERE = "unknown_here"
    MISSING_THERE = "missing_there"
    OTHER_AMOUNT = "other_amount"
    OTHER_REFERENCE = "other_reference"
    NO_ANSWER = "no_answer"


WORDS: Mapping[Reason, Sentence] = {
    Reason.UNKNOWN_BILL: Sentence(
        "قبضی با این جفت شناسه نیست؛ پول در حساب ماست.", "No bill has this pair of ids; we hold the money."
    ),
    Reason.TOO_LITTLE: Sentence(
        "مبلغ از مانده‌ی قبض کمتر بود و به حساب آن گذاشته شد.", "Less than was outstanding; counted as a part."
    ),
    Reason.TOO_MUCH: Sentence(
        "مبلغ از مانده‌ی قبض بیشتر بود؛ مازاد باز می‌گردد.", "More than was outstanding; the rest goes back."
    ),
    Reason.PAID_TWICE: Sentence(
        "قبض پیش‌تر پرداخت شده بود؛ پول باز می‌گردد.", "The bill was paid already; the money goes back."
    ),
    Reason.TOO_LATE: Sentence(
        "قبض پیش از واریز باطل شده بود؛ پول باز می‌گردد.", "The bill was void before; the money goes back."
    ),
    Reason.TOLD_LATE: Sentence(
        "واریز در مهلت بود، اما بانک پس از باطل شدن قبض خبر داد؛ پول باز می‌گردد.",
        "Paid in time, but the bank told us after the bill was void; the money goes back.",
    ),
    Reason.SAME_REFERENCE: Sentence(
        "این شماره‌ی پیگیری پیش‌تر برای واریز دیگری آمده است.",
        "This reference came before, with another deposit.",
    ),
    Reason.PAID_THERE: Sentence(
        "درگاه پرداخت را موفق می‌داند و ما نه.", "Paid at the provider, and not with us."
    ),
    Reason.NOT_PAID_THERE: Sentence(
        "ما پرداخت را موفق می‌دانیم و درگاه نه.", "Paid with us, and not at the provider."
    ),
    Reason.RETURNED_THERE: Sentence(
        "درگاه پول را برگردانده است و ما آن را دریافتی می‌دانیم.",
        "The provider sent the money back; we count it as received.",
    ),
    Reason.NOT_RETURNED_THERE: Sentence(
        "ما پول را برگشتی می‌دانیم و درگاه هنوز آن را نگه داشته است.",
        "We count the money as sent back; the provider still holds it.",
    ),
    Reason.UNDECIDED_HERE: Sentence(
        "نتیجه‌ی این پرداخت نزد ما هنوز روشن نیست.", "We do not know yet what became of this payment."
    ),
    Reason.UNKNOWN_HERE: Sentence(
        "درگاه پرداختی را می‌شناسد که ما نمی‌شناسیم.", "The provider knows a payment that we do not."
    ),
    Reason.MISSING_THERE: Sentence(
        "این پرداخت در گزارش درگاه نیست.", "The provider's report does not have this payment."
    ),
    Reason.OTHER_AMOUNT: Sentence("مبلغ‌ها یکی نیست.", "The amounts differ."),
    Reason.OTHER_REFERENCE: Sentence("شماره‌های پیگیری یکی نیست.", "The references differ."),
    Reason.NO_ANSWER: Sentence("درگاه درباره‌ی این پرداخت پاسخ نداد.", "The provider gave no answer."),
}


@dataclass(frozen=True)
class Found:
    """What differs. ``key`` tells differences of one reason apart, so that looking again finds no new one.

    Amounts are Rial: ``theirs`` is the bank's or provider's word. ``institution`` is a bank's code or a
    provider's name.
    """

    reason: Reason
    key: str
    institution: str
    reference: str | None = None
    payment_id: UUID | None = None
    bill_id: UUID | None = None
    theirs: int | None = None
    ours: int | None = None


class MindedByAnother(Problem):
    code = "difference_minded_by_another"
    fa = "همکار دیگری این مورد را پیگیری می‌کند."
    en = "Another colleague minds this difference."


class NotMinded(Problem):
    code = "difference_not_minded"
    fa = "نخست این مورد را به عهده بگیرید."
    en = "Take this difference first."


class DifferenceIsClosed(Problem):
    code = "difference_closed"
    fa = "این مورد بسته شده است."
    en = "This difference is closed."
