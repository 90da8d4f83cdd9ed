"""A contract as a document."""

from collections.abc import Sequence

from chassis.documents import Document
from iran import Rial, jalali_numeric, tehran_date, to_persian_digits
from sales.contracts.addenda import Amendment
from sales.contracts.wording import Signed, TemplateText, fields_of, filled

FACTS = (
    ("شماره قرارداد", "contract_number"),
    ("شماره درخواست", "request_number"),
    ("تاریخ", "contracted_on"),
    ("خریدار", "buyer"),
    ("خودرو", "title"),
    ("رنگ", "colour"),
    ("بها", "price"),
    ("پیش‌پرداخت", "prepayment"),
)
SCHEDULE = ("قسط", "سررسید", "مبلغ")


def document(words: TemplateText, signed: Signed, amendments: Sequence[Amendment] = ()) -> Document:
    """The same contract gives the same document; addenda follow what was signed, which stays as it was."""
    values = fields_of(signed)
    written_at = amendments[-1].at if amendments else signed.activated_at
    paper = Document(words.title, written_at, f"{words.title} {signed.contract_number}")
    paper.facts([(label, values[name]) for label, name in FACTS])
    for section in filled(words.sections, signed):
        paper.heading(section.heading)
        for line in section.text.splitlines():
            paper.paragraph(line)
    if signed.schedule:
        paper.heading("جدول پرداخت")
        paper.rows(
            SCHEDULE,
            [
                (to_persian_digits(number), jalali_numeric(due_on), Rial(amount).text_fa)
                for number, amount, due_on in signed.schedule
            ],
            widths=(1, 2, 3),
        )
    for each in amendments:
        day = jalali_numeric(tehran_date(each.at))
        paper.heading(f"الحاقیه‌ی {to_persian_digits(each.number)}: {each.title}، {day}")
        for line in each.lines:
            paper.paragraph(line)
    return paper
