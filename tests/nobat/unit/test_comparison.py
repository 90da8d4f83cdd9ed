"""The comparison finds each kind of loss and of doubling, so that a silent one means something."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from nobat.testing.comparison import differences
from nobat.testing.facts import Facts
from nobat.testing.told import ClientLedger, Told

PLAN, BUYER, REFUSED, ORDER = "plan", "buyer", "refused", "order"

ORDER_ROW = {
    "id": ORDER,
    "request_number": "12",
    "plan_id": PLAN,
    "offering_id": "car",
    "customer_id": BUYER,
    "state": "contract_active",
    "live": True,
    "prepayment": 100,
}
PAYMENT = {
    "id": "payment",
    "bill_id": "bill",
    "provider": "zarinpal",
    "amount": 100,
    "state": "verified",
    "authority": "A1",
    "reference": "7",
}
AT_BANK = {"order_id": "payment", "reference": "A1", "ref_id": 7, "paid_amount": 100, "state": "verified"}
ENTRY = {"payment_id": "payment", "kind": "received"}
TEMPLATES = ("order_placed", "bill_issued", "bill_paid", "contract_activated")

KEPT = Facts(
    offerings=[{"id": "car", "capacity": 1, "sold": 1}],
    orders=[ORDER_ROW],
    contracts=[{"order_id": ORDER, "number": "34"}],
    bills=[{"id": "bill", "order_id": ORDER, "amount": 100, "paid": 100, "state": "paid"}],
    payments=[PAYMENT],
    entries=[
        ENTRY | {"account": "buyer", "amount": -100},
        ENTRY | {"account": "provider:zarinpal", "amount": 100},
    ],
    messages=[
        {"id": f"m-{template}", "order_id": ORDER, "template": template, "state": "sent"}
        for template in TEMPLATES
    ],
    bank=[AT_BANK],
    texts=[{"localid": f"m-{template}"} for template in TEMPLATES],
)


@pytest.fixture
def ledger(tmp_path: Path) -> ClientLedger:
    told = ClientLedger(tmp_path / "told.jsonl")
    asked = {"plan_id": PLAN}
    told.note(Told(BUYER, "POST", "/orders", 201, asked, "k", {"order_id": ORDER, "request_number": "12"}))
    told.note(Told(REFUSED, "POST", "/orders", 409, asked, "l", {"code": "sold_out"}))
    told.note(Told(BUYER, "GET", "/payments/p", 200, body={"payment_id": "payment", "state": "verified"}))
    told.note(Told(BUYER, "GET", "/orders/o", 200, body={"order_id": ORDER, "contract_number": "34"}))
    return told


def test_kept_promises_leave_nothing_to_say(ledger: ClientLedger) -> None:
    assert differences(ledger, KEPT) == []


def test_the_ledger_is_a_file_with_a_line_for_each_answer(ledger: ClientLedger, tmp_path: Path) -> None:
    assert len((tmp_path / "told.jsonl").read_text().splitlines()) == len(ledger.answers)


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        ({"orders": []}, "order order was confirmed and is lost"),
        ({"orders": [ORDER_ROW | {"customer_id": REFUSED}]}, "is not what its buyer was told"),
        ({"orders": [ORDER_ROW | {"customer_id": REFUSED}]}, "was told sold_out and has an order"),
        ({"orders": [ORDER_ROW, ORDER_ROW | {"id": "ghost"}]}, "order ghost was never confirmed"),
        ({"orders": [ORDER_ROW, ORDER_ROW | {"id": "ghost"}]}, "has 2 orders in plan"),
        ({"offerings": [{"id": "car", "capacity": 1, "sold": 2}]}, "counts 2 of 1 as sold, 1 are"),
        ({"offerings": [{"id": "car", "capacity": 0, "sold": 1}]}, "counts 1 of 0 as sold, 1 are"),
        ({"contracts": []}, "with 0 contracts"),
        ({"contracts": [*KEPT.contracts, *KEPT.contracts]}, "with 2 contracts"),
        ({"contracts": [{"order_id": ORDER, "number": "35"}]}, "contract 34 was told and is lost"),
        ({"bills": []}, "with the bills []"),
        ({"bills": [*KEPT.bills, *KEPT.bills]}, "with the bills"),
        ({"payments": [PAYMENT, PAYMENT | {"id": "second"}]}, "from the payments [100, 100]"),
        ({"payments": [PAYMENT | {"state": "at_bank"}]}, "was told verified and is not"),
        ({"entries": []}, "with the postings []"),
        ({"entries": [*KEPT.entries, *KEPT.entries]}, "with the postings"),
        ({"bank": []}, "at the bank it is []"),
        ({"bank": [AT_BANK, AT_BANK | {"reference": "A2"}]}, "at the bank it is"),
        ({"bank": [AT_BANK | {"paid_amount": 99}]}, "at the bank it is"),
        ({"messages": KEPT.messages[1:]}, "with the texts"),
        ({"messages": [{**KEPT.messages[0], "state": "queued"}, *KEPT.messages[1:]]}, "is queued"),
        ({"texts": KEPT.texts[1:]}, "was sent 0 times"),
        ({"texts": [*KEPT.texts, KEPT.texts[0]]}, "was sent 2 times"),
        ({"unsent": 1}, "1 events are not sent"),
        ({"dead": ["sales.purchase: BillPaid"]}, "dead letter in sales.purchase"),
    ],
)
def test_each_loss_and_each_doubling_is_found(
    damage: dict[str, Any], said: str, ledger: ClientLedger
) -> None:
    assert any(said in sentence for sentence in differences(ledger, replace(KEPT, **damage)))
