"""Coming back from the bank: a hint, however often, in whatever form, from whomever."""

import asyncio
from random import Random

import pytest

from chassis.testing.eventually import eventually
from events.payment import BillPaid

BACK = "/api/v1/payments/callback/zarinpal"


def callback(begun, status="OK"):
    return f"{BACK}?Authority={begun['redirect_url'].rsplit('/', 1)[-1]}&Status={status}"


async def test_a_forged_callback_pays_nothing_and_ends_nothing(shop):
    bill = await shop.new_bill()
    begun = await shop.started(bill["id"])
    for status in ("OK", "NOK", "MAYBE"):
        assert (await shop.client.get(callback(begun, status))).status_code == 303
    assert await shop.state(begun["payment_id"]) == "at_bank"
    assert (await shop.bill(bill["id"]))["state"] == "open"
    await shop.come_back(await shop.bank.pay(begun["redirect_url"]))
    assert await shop.state(begun["payment_id"]) == "verified"


async def test_a_callback_that_says_no_for_a_paid_session_is_not_believed(shop):
    bill = await shop.new_bill()
    begun = await shop.started(bill["id"])
    await shop.bank.pay(begun["redirect_url"])
    await shop.client.get(callback(begun, "NOK"))
    assert await shop.state(begun["payment_id"]) == "verified"


@pytest.mark.parametrize(
    "address",
    [
        f"{BACK}?Authority={'A' * 36}&Status=OK",
        f"{BACK}?Authority=%00&Status=OK",
        f"{BACK}?Status=OK",
        BACK,
        "/api/v1/payments/callback/nobody?Authority=1",
    ],
)
async def test_a_callback_for_nothing_of_ours_is_not_found(shop, address):
    for answer in (await shop.client.get(address), await shop.client.post(address, content=b"\xff=%00")):
        assert answer.status_code == 404
        assert answer.headers["content-type"] == "application/problem+json"
    assert await shop.rows("SELECT 1 FROM received_callbacks") == []


async def test_a_callback_may_be_a_form(shop):
    bill = await shop.new_bill()
    begun = await shop.started(bill["id"])
    path, _, query = (await shop.bank.pay(begun["redirect_url"])).partition("?")
    answer = await shop.client.post(
        path, content=query, headers={"Content-Type": "application/x-www-form-urlencoded"}
    )
    assert answer.status_code == 303
    assert await shop.state(begun["payment_id"]) == "verified"


async def test_a_callback_of_a_hundred_thousand_fields_is_refused_unread(shop):
    bill = await shop.new_bill()
    begun = await shop.started(bill["id"])
    path, _, query = (await shop.bank.pay(begun["redirect_url"])).partition("?")
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    answer = await shop.client.post(path, content=query + "&a=1" * 100_000, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (413, "body_too_large")
    assert await shop.rows("SELECT 1 FROM received_callbacks") == []
    assert await shop.state(begun["payment_id"]) == "at_bank"


async def test_callbacks_are_kept_without_card_data(shop):
    bill = await shop.new_bill()
    begun = await shop.started(bill["id"])
    for _ in range(3):
        await shop.client.get(callback(begun) + "&CardPan=6037701689095443")
    assert await shop.rows("SELECT fields, times FROM received_callbacks") == [({"Status": "OK"}, 3)]


async def test_a_hundred_callbacks_between_verify_timeouts_have_one_effect(shop):
    bill = await shop.new_bill()
    begun = await shop.started(bill["id"])
    await shop.bank.arm(
        begun["redirect_url"],
        {"kind": "hang_done", "operation": "verify"},
        {"kind": "hang_lost", "operation": "verify"},
    )
    address = await shop.bank.pay(begun["redirect_url"])
    dice = Random(13)

    async def come_back():
        await asyncio.sleep(dice.uniform(0, 5))
        return await shop.come_back(address)

    answers = await asyncio.gather(*(come_back() for _ in range(100)))
    assert {answer.status_code for answer in answers} == {303}
    await shop.advance(minutes=1)
    await shop.run("payment.sweep")
    assert await shop.state(begun["payment_id"]) == "verified"
    assert len(await shop.published(BillPaid.name)) == 1
    assert await shop.rows("SELECT kind FROM ledger_entries") == [("received",)]
    assert await shop.rows("SELECT sum(times) FROM received_callbacks") == [(100,)]
    assert (await shop.balance()).accounts == {"buyer": -bill["amount"], "provider:zarinpal": bill["amount"]}


async def test_of_a_hundred_callbacks_at_once_one_verifies(shop):
    bill = await shop.new_bill()
    begun = await shop.started(bill["id"])
    address = await shop.bank.pay(begun["redirect_url"])
    await asyncio.gather(*(shop.come_back(address) for _ in range(100)))
    assert (await shop.bank.row(begun["redirect_url"]))["verifies"] == 1
    assert len(await shop.published(BillPaid.name)) == 1


async def test_the_word_of_who_lost_the_lease_is_dropped(shop):
    bill = await shop.new_bill()
    begun = await shop.started(bill["id"])
    await shop.bank.arm(begun["redirect_url"], {"kind": "hang_done", "operation": "verify"})
    address = await shop.bank.pay(begun["redirect_url"])
    slow = asyncio.create_task(shop.come_back(address))
    await shop.bank.struck(begun["redirect_url"], "hang_done")
    shop.clock.advance(seconds=60)
    await shop.come_back(address)
    assert (await slow).status_code == 303
    assert await shop.state(begun["payment_id"]) == "verified"
    assert len(await shop.published(BillPaid.name)) == 1


async def test_the_log_names_no_key_no_card_and_no_address_to_pay_at(shop, capsys):
    bill = await shop.new_bill()
    begun = await shop.started(bill["id"])
    await shop.bank.arm(begun["redirect_url"], {"kind": "refuse", "operation": "verify", "code": -12})
    address = await shop.bank.pay(begun["redirect_url"])
    await shop.come_back(address)
    await shop.advance(minutes=1)
    await shop.run("payment.sweep")
    row = await shop.bank.row(begun["redirect_url"])
    written = capsys.readouterr().out
    assert "payment.provider.refused" in written
    assert "payment.payment.verified" in written
    for secret in (row["merchant"], row["reference"], str(row["ref_id"]), "603799"):
        assert secret not in written


async def test_a_process_that_dies_after_verifying_leaves_a_payment_that_is_settled_later(shop):
    bill = await shop.new_bill()
    begun = await shop.started(bill["id"])
    await shop.bank.arm(begun["redirect_url"], {"kind": "hang_done", "operation": "verify"})
    address = await shop.bank.pay(begun["redirect_url"])
    dying = asyncio.create_task(shop.come_back(address))
    await eventually(
        lambda: shop.bank.row(begun["redirect_url"]), until=lambda row: row["state"] == "verified"
    )
    dying.cancel()
    await asyncio.gather(dying, return_exceptions=True)
    assert await shop.state(begun["payment_id"]) == "at_bank"
    await shop.advance(minutes=1)
    await shop.run("payment.sweep")
    assert await shop.state(begun["payment_id"]) == "verified"
    assert len(await shop.published(BillPaid.name)) == 1
