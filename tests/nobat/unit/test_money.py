"""Whether the comparison of the bank's books, the ledger and the bills finds what is wrong."""

from dataclasses import replace
from typing import Any

import pytest

from nobat.testing.money import Money, money_differences

AMOUNT = 1_000
BILL = {"id": "bill", "amount": AMOUNT, "paid": AMOUNT, "state": "paid"}
PAYMENT = {
    "id": "payment",
    "bill_id": "bill",
    "provider": "zarinpal",
    "authority": "A1",
    "reference": "R1",
    "amount": AMOUNT,
    "received": AMOUNT,
    "state": "verified",
    "owed": False,
    "returned": False,
}
SESSION = {
    "provider": "zarinpal",
    "reference": "A1",
    "state": "verified",
    "paid_amount": AMOUNT,
    "times": {"paid": "2026-01-01T10:00:00+00:00", "verified": "2026-01-01T10:05:00+00:00"},
}
POSTINGS = [
    {"entry_id": "e", "payment_id": "payment", "kind": "received", "account": account, "amount": amount}
    for account, amount in (("provider:zarinpal", AMOUNT), ("buyer", -AMOUNT))
]
KEPT = Money([BILL], [PAYMENT], POSTINGS, [SESSION])
LATE = {"paid": "2026-01-01T10:00:00+00:00", "verified": "2026-01-01T10:31:00+00:00"}
SECOND = PAYMENT | {"id": "second", "authority": "A2"}
SECOND_SESSION = SESSION | {"reference": "A2"}


def changed(**rows: Any) -> Money:
    return replace(KEPT, **rows)


def test_books_that_agree_have_no_differences() -> None:
    assert money_differences(KEPT) == []
    assert KEPT.unsettled == 0


def test_a_bill_that_is_paid_in_part_agrees_as_well() -> None:
    assert money_differences(changed(bills=[BILL | {"amount": 3 * AMOUNT, "state": "open"}])) == []


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (changed(payments=[PAYMENT | {"state": "unknown"}]), "payment payment is unknown"),
        (changed(payments=[PAYMENT | {"owed": True}]), "owed back: True"),
        (changed(bank=[SESSION | {"state": "reversed"}]), "at the bank it is reversed"),
        (changed(payments=[PAYMENT | {"state": "failed"}]), "is failed, at the bank it is verified"),
        (changed(bank=[SESSION | {"paid_amount": 900}]), "holds 1000, the bank 900"),
        (changed(bank=[SESSION, SECOND_SESSION]), "that we know nothing of"),
        (changed(postings=[]), "the ledger says 0"),
        (changed(postings=POSTINGS[:1]), "entry e sums to 1000"),
        (changed(bills=[BILL | {"paid": 0, "state": "open"}]), "bills hold 0, the ledger says 1000"),
        (changed(payments=[PAYMENT, SECOND]), "is paid, 1000 of 1000; [1000, 1000] came"),
        (changed(bills=[BILL | {"state": "open"}]), "is open, 1000 of 1000; [1000] came"),
        (changed(bills=[BILL | {"amount": 3 * AMOUNT}]), "is paid, 1000 of 3000; [1000] came"),
        (changed(payments=[PAYMENT, SECOND]), "pays 2 payments"),
        (changed(bank=[SESSION | {"times": LATE}]), "was verified too late"),
    ],
)
def test_every_kind_of_difference_is_a_sentence(wrong: Money, words: str) -> None:
    assert [sentence for sentence in money_differences(wrong) if words in sentence]
