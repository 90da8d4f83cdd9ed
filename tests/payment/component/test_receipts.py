"""What a buyer can show of payments: their history and the receipt of each."""

import re
from io import BytesIO
from uuid import UUID, uuid4

from pypdf import PdfReader

from payment.ledger.domain import BANK
from payment.payments.wording import PROVIDERS
from payment.providers.capabilities import CAPABILITIES


async def test_a_receipt_says_what_was_paid_for_what(shop):
    bill = await shop.new_bill()
    payment_id = await shop.pay(bill["id"], amount=300_000_000)
    answer = await shop.get(f"/payments/{payment_id}/receipt.pdf")
    assert answer.headers["content-type"] == "application/pdf"
    said = PdfReader(BytesIO(answer.content)).pages[0].extract_text()
    assert "سیصد میلیون ریال" in said
    assert "پیش‌پرداخت" in said
    assert PROVIDERS["zarinpal"] in said
    assert payment_id in said
    assert re.search(r"\d{6}\*{6}\d{4} کارت", said)
    assert (await shop.payment(payment_id))["reference"] in said
    assert (await shop.get(f"/payments/{payment_id}/receipt.pdf")).content == answer.content


def test_every_way_of_paying_has_a_name_in_documents():
    assert PROVIDERS.keys() == {*CAPABILITIES, BANK}


async def test_there_is_no_receipt_where_no_money_came_nor_for_others(shop):
    bill = await shop.new_bill()
    failed = await shop.pay(bill["id"], "failed")
    refused = await shop.get(f"/payments/{failed}/receipt.pdf")
    assert (refused.status_code, refused.json()["code"]) == (409, "no_receipt")
    paid = await shop.pay(bill["id"])
    assert (await shop.get(f"/payments/{paid}/receipt.pdf", uuid4())).status_code == 404


async def test_the_history_of_an_order_has_the_payments_of_all_its_bills(shop):
    bill = await shop.new_bill()
    rest = shop.requested(UUID(bill["order_id"]))
    await shop.hear(rest)
    other = await shop.new_bill()
    made = [await shop.pay(each) for each in (bill["id"], str(rest.bill_id), other["id"])]

    async def history(**of):
        return [row["payment_id"] for row in (await shop.get("/payments", **of)).json()["items"]]

    assert await history(order_id=bill["order_id"]) == [made[1], made[0]]
    assert await history() == made[::-1]
    assert await history(cursor=made[1]) == [made[0]]
