"""A statement as a document."""

from collections.abc import Mapping
from datetime import datetime

from chassis.documents import Document, latin
from iran import jalali_moment, jalali_numeric, tehran_date, to_persian_digits
from payment.bills.domain import BillState
from payment.bills.wording import PURPOSES
from payment.ledger.domain import EntryKind
from payment.ledger.statements import Movement, Statement

KINDS: Mapping[EntryKind, str] = {
    EntryKind.RECEIVED: "دریافت",
    EntryKind.DECLINED: "کنار گذاشته شد تا برگردد",
    EntryKind.RETURNED: "برگشت به پرداخت‌کننده",
    EntryKind.REFUND_OWED: "بازپرداخت (سود و کسور)",
    EntryKind.REFUND_PAID: "واریز به شبا",
}
STATES: Mapping[BillState, str] = {
    BillState.OPEN: "باز",
    BillState.PAID: "پرداخت‌شده",
    BillState.CANCELLED: "باطل",
}
BILLS = ("بابت", "مبلغ (ریال)", "پرداخت‌شده (ریال)", "سررسید", "وضعیت")
MOVEMENTS = ("تاریخ", "شرح", "شماره پیگیری", "تغییر (ریال)", "مانده (ریال)")


def document(statement: Statement, written_at: datetime) -> Document:
    """The same statement at the same moment gives the same document."""
    paper = Document("صورت‌حساب سفارش", written_at, "صورت‌حساب سفارش نوبت")
    paper.facts(_facts(statement, written_at))
    paper.heading("قبض‌ها")
    paper.rows(
        BILLS,
        [
            (
                PURPOSES[bill.purpose],
                _figure(bill.amount),
                _figure(bill.paid),
                jalali_numeric(tehran_date(bill.due_at)),
                STATES[bill.state],
            )
            for bill in statement.bills
        ],
        widths=(2, 3, 3, 2, 2),
    )
    if statement.movements:
        paper.heading("گردش")
        paper.rows(MOVEMENTS, [_row(each) for each in statement.movements], widths=(2, 4, 3, 3, 3))
    return paper


def _facts(statement: Statement, written_at: datetime) -> list[tuple[str, str]]:
    gone = -statement.total(EntryKind.RETURNED) - statement.total(EntryKind.REFUND_PAID)
    return [
        ("شناسه سفارش", latin(str(statement.order_id))),
        ("زمان", jalali_moment(written_at)),
        ("جمع دریافت", _rial(statement.total(EntryKind.RECEIVED))),
        ("جمع برگشت", _rial(gone)),
        ("مانده نزد ما", _rial(statement.balance)),
    ]


def _row(movement: Movement) -> tuple[str, ...]:
    purpose = f"، {PURPOSES[movement.purpose]}" if movement.purpose else ""
    return (
        jalali_numeric(tehran_date(movement.at)),
        f"{KINDS[movement.kind]}{purpose}",
        latin(movement.reference) if movement.reference else "—",
        _figure(movement.change),
        _figure(movement.balance),
    )


def _rial(amount: int) -> str:
    return f"{_figure(amount)} ریال"


def _figure(amount: int) -> str:
    return to_persian_digits(f"{amount:,}".replace(",", "٬").replace("-", "−"))
