"""A bill is paid at the bank, over real HTTP."""

from iran import BillPair


async def test_an_order_gets_one_bill_with_a_pair_that_pays_it_at_any_bank(shop):
    order = shop.placed()
    await shop.hear(order, order)
    [bill] = await shop.bills(order.order_id)
    assert bill["amount"] == order.amount
    assert bill["state"] == "open"
    assert BillPair.parse(bill["bank_bill_id"], bill["bank_payment_id"]).amount == order.amount
    [event] = await shop.published("payment.bill_issued.v1")
    assert event["bill_id"] == bill["id"]


async def test_a_paid_bill_is_paid_once_and_told_and_booked(shop):
    bill = await shop.new_bill()
    begun = await shop.started(bill["id"])
    answer = await shop.come_back(await shop.bank.pay(begun["redirect_url"]))
    assert answer.status_code == 303
    assert answer.headers["location"] == f"http://127.0.0.1:8000/payments/{begun['payment_id']}"

    payment = await shop.payment(begun["payment_id"])
    row = await shop.bank.row(begun["redirect_url"])
    assert payment["state"] == "verified"
    assert payment["reference"] == str(row["ref_id"])
    assert row["state"] == "verified"
    paid = await shop.bill(bill["id"])
    assert (paid["state"], paid["paid"]) == ("paid", bill["amount"])
    [event] = await shop.published("payment.bill_paid.v1")
    assert event["payment_id"] == begun["payment_id"]
    balance = await shop.balance()
    assert balance.is_kept
    assert balance.accounts == {"buyer": -bill["amount"], "provider:zarinpal": bill["amount"]}
