"""Bills paid at a bank: statements are taken in once, and what does not fit is listed and minded."""

import csv
import io
from dataclasses import replace
from datetime import timedelta

from openpyxl import Workbook
from sqlalchemy import text

from chassis.imports import Importer
from chassis.imports import importer as importing
from iran import BillPair, tehran_date
from payment.deposits.returning import send_on

HEADING = "bill_id,payment_id,amount,reference,on"
DESK = "/api/v1/staff"


def statement(*rows):
    return "\n".join([HEADING, *(",".join(map(str, row)) for row in rows)]).encode()


def line(shop, bill, reference, amount=None, on=None):
    on = on or tehran_date(shop.clock())
    return (bill["bank_bill_id"], bill["bank_payment_id"], amount or bill["amount"], reference, on)


async def test_a_deposit_pays_its_bill_exactly_once_however_often_the_bank_tells(shop, counter):
    bill = await shop.new_bill()
    file = statement(line(shop, bill, "777"), line(shop, bill, "777"))
    seen, bad = await counter.send_in(file)
    assert (seen["state"], seen["rows_good"], bad) == ("done", 1, [(3, "deposit_known")])
    assert (await counter.send_in(file))[1] == [(2, "deposit_known"), (3, "deposit_known")]

    paid = await shop.bill(bill["id"])
    assert (paid["state"], paid["paid"]) == ("paid", bill["amount"])
    [event] = await shop.published("payment.bill_paid.v1")
    assert (event["bill_id"], event["reference"]) == (bill["id"], "012-777")
    balance = await shop.balance()
    assert balance.is_kept
    assert balance.accounts == {"buyer": -bill["amount"], "bank": bill["amount"]}
    assert await counter.reasons() == []


async def test_what_does_not_fit_is_listed_with_its_reason_and_exported(shop, counter):
    much, little, twice, void, late = [await shop.new_bill() for _ in range(5)]
    await shop.pay(twice["id"])
    for one in (void, late):
        await shop.hear(shop.lapsed(one["order_id"]))
    today = tehran_date(shop.clock())
    nobody = BillPair.issue(file_code=99_999_999, company=123, amount=5_000, year=4, period=0)
    mistyped = nobody.payment_id[:-1] + str((int(nobody.payment_id[-1]) + 1) % 10)
    seen, bad = await counter.send_in(
        statement(
            line(shop, much, "1", much["amount"] + 1_000),
            line(shop, little, "2", 1_000),
            line(shop, twice, "3"),
            line(shop, void, "4", on=today),
            line(shop, late, "5", on=today + timedelta(days=9)),
            (nobody.bill_id, nobody.payment_id, 5_000, "6", today),
            (nobody.bill_id, mistyped, 5_000, "7", today),
        )
    )
    assert (seen["rows_good"], bad) == (6, [(8, "bill_pair_mismatch")])
    assert await counter.reasons() == [
        ("too_much", much["amount"] + 1_000, much["amount"]),
        ("too_little", 1_000, little["amount"]),
        ("paid_twice", twice["amount"], 0),
        ("told_late", void["amount"], void["amount"]),
        ("too_late", late["amount"], late["amount"]),
        ("unknown_bill", 5_000, None),
    ]
    states = [(await shop.bill(bill["id"]))["state"] for bill in (much, little, void)]
    assert states == ["paid", "open", "cancelled"]
    assert (await shop.bill(little["id"]))["paid"] == 1_000
    exported = (await counter.get("/deposits/export", differ=True)).text.lstrip("\ufeff")
    rows = list(csv.DictReader(io.StringIO(exported)))
    assert [row["outcome"] for row in rows] == ["counted"] * 2 + ["goes_back"] * 3 + ["unknown_bill"]
    assert (await shop.balance()).is_kept


async def test_deposits_of_one_file_for_one_bill_count_until_it_is_paid(shop, counter):
    bill, other = await shop.new_bill(), await shop.new_bill()
    half = bill["amount"] // 2
    rows = [line(shop, bill, number, half) for number in "123"]
    seen, bad = await counter.send_in(statement(rows[0], line(shop, other, "4"), *rows[1:]))
    assert (seen["rows_good"], bad) == (4, [])
    assert await counter.reasons() == [("too_little", half, bill["amount"]), ("paid_twice", half, 0)]
    [part] = await shop.published("payment.bill_part_paid.v1")
    assert (part["reference"], part["amount"], part["remaining"]) == ("012-1", half, half)
    paid = {event["bill_id"]: event["reference"] for event in await shop.published("payment.bill_paid.v1")}
    assert paid == {bill["id"]: "012-2", other["id"]: "012-4"}
    balance = await shop.balance()
    assert balance.is_kept
    assert balance.accounts["unapplied"] == -half


async def test_money_that_a_bill_cannot_take_becomes_a_refund_to_the_sheba(shop, counter):
    bill = await shop.new_bill()
    await counter.send_in(statement(line(shop, bill, "1", bill["amount"] + 2_000)))
    await shop.run("payment.returns")
    await shop.run("payment.deposit_returns")
    await shop.run("payment.deposit_returns")
    [refund] = (await shop.get("/refunds")).json()["items"]
    assert (refund["amount"], refund["reason"], refund["state"]) == (2_000, "duplicate", "awaiting_account")
    async with shop.database.transaction() as session:
        await session.execute(text("UPDATE refunds SET state = 'paid'"))
    await send_on(shop.database, shop.clock())
    assert await shop.state(refund["id"]) == "refunded"
    accounts = (await shop.balance()).accounts
    assert (accounts["unapplied"], accounts["refunds"]) == (0, -2_000)


async def test_a_deposit_counts_while_the_buyer_is_at_another_bank_with_the_same_bill(shop, counter):
    bill = await shop.new_bill()
    begun = await shop.started(bill["id"])
    await counter.send_in(statement(line(shop, bill, "1")))
    assert (await shop.bill(bill["id"]))["state"] == "paid"
    await shop.come_back(await shop.bank.pay(begun["redirect_url"]))
    await shop.run("payment.returns")
    assert await shop.state(begun["payment_id"]) == "reversed"
    assert (await shop.balance()).is_kept


async def test_a_reference_that_comes_with_something_else_is_not_taken_and_minded(shop, counter):
    one, other = await shop.new_bill(), await shop.new_bill()
    await counter.send_in(statement(line(shop, one, "1")))
    _, bad = await counter.send_in(statement(line(shop, other, "1")))
    assert bad == [(2, "deposit_differs")]
    assert (await shop.bill(other["id"]))["state"] == "open"
    assert [reason for reason, _, _ in await counter.reasons()] == ["same_reference"]


async def test_one_minds_a_difference_and_closes_it_with_a_note(shop, counter):
    nobody = BillPair.issue(file_code=99_999_998, company=123, amount=5_000, year=4, period=0)
    row = (nobody.bill_id, nobody.payment_id, 5_000, "9", "1405/09/01")
    await counter.send_in(statement(row))
    [difference] = (await counter.get("/differences", state="open")).json()["items"]
    path = f"/differences/{difference['id']}"
    note = {"note": "با بانک هماهنگ شد"}
    assert (await counter.post(f"{path}/closing", note)).json()["code"] == "difference_not_minded"
    assert (await counter.post(f"{path}/taking", {})).json()["owner"]
    other = counter.colleague
    refused = await counter.post(f"{path}/taking", {}, other)
    assert refused.json()["code"] == "difference_minded_by_another"
    assert (await counter.post(f"{path}/taking", {"over": True}, other)).is_success
    assert (await counter.post(f"{path}/closing", note)).json()["code"] == "difference_minded_by_another"
    closed = await counter.post(f"{path}/closing", note, other)
    assert (closed.json()["note"], closed.json()["closed_at"] is not None) == (note["note"], True)
    assert (await counter.post(f"{path}/taking", {}, other)).json()["code"] == "difference_closed"
    [sealed] = await shop.rows("SELECT note FROM differences")
    assert note["note"].encode() not in sealed[0]
    buyer = shop.authorization()
    assert (await shop.client.get(f"{DESK}/differences", headers=buyer)).status_code == 403


async def test_a_spreadsheet_without_leading_zeros_and_a_file_of_fixed_width_are_read(shop, counter):
    first, second = await shop.new_bill(), await shop.new_bill()
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.append(["شناسه قبض", "شناسه پرداخت", "مبلغ", "شماره پیگیری", "تاریخ"])
    pair = (int(first["bank_bill_id"]), int(first["bank_payment_id"]))
    sheet.append([*pair, first["amount"], "A-1", "۱۴۰۵/۰۹/۰۱"])
    file = io.BytesIO()
    book.save(file)
    seen, bad = await counter.send_in(file.getvalue(), file_format="xlsx")
    assert (seen["rows_good"], bad) == (1, [])

    places = {
        "bill_id": (1, 13),
        "payment_id": (14, 13),
        "amount": (27, 15),
        "reference": (42, 10),
        "on": (52, 10),
    }
    layout = [{"field": name, "start": start, "length": length} for name, (start, length) in places.items()]
    ids = f"{second['bank_bill_id']:>13}{second['bank_payment_id']:0>13}"
    text_line = f"{ids}{second['amount']:015}{'B-1':<10}1405/09/01"
    seen, bad = await counter.send_in(f"{text_line}\r\n".encode(), file_format="fixed", layout=layout)
    assert (seen["rows_good"], bad) == (1, [])
    assert (await shop.bill(first["id"]))["state"] == (await shop.bill(second["id"]))["state"] == "paid"


async def test_a_worker_that_is_killed_leaves_a_statement_that_another_finishes_once(
    shop, counter, monkeypatch
):
    bills = [await shop.new_bill() for _ in range(5)]
    content = statement(*(line(shop, bill, number) for number, bill in enumerate(bills)))
    path = await counter.sent(content)
    dying = replaced(counter.importer, batch=2)
    monkeypatch.setattr(importing, "TURN_SECONDS", 0.000_001)
    assert await dying.run()
    heir = replaced(counter.importer, batch=2)
    assert not await heir.run()
    async with shop.database.transaction() as session:
        await session.execute(text("UPDATE imports SET leased_until = now() - interval '1 second'"))
    while await heir.run():
        pass
    assert await dying.run() is False
    seen = (await counter.get(path)).json()
    assert (seen["state"], seen["rows_good"], seen["rows_bad"]) == ("done", 5, 0)
    assert len(await shop.published("payment.bill_paid.v1")) == 5
    assert (await shop.balance()).accounts["bank"] == sum(bill["amount"] for bill in bills)


def replaced(importer, batch):
    """Another process with the same work, some rows at a time."""
    kinds = [replace(kind, batch=batch) for kind in importer.kinds.values()]
    return Importer(importer._database, importer.keyring, importer.clock, kinds)
