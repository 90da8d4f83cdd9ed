"""Each way in which a bank misbehaves, and how the payment ends."""

import asyncio

import pytest

from payment.payments.jobs import AT_ONCE

UNKNOWN_FOR_NOW = ["unavailable", "hang_done", "hang_lost"]


async def test_a_cancelled_payment_has_failed_and_the_bill_can_be_paid(shop):
    bill = await shop.new_bill()
    for outcome in ("cancelled", "failed"):
        assert await shop.state(await shop.pay(bill["id"], outcome)) == "failed"
    assert await shop.state(await shop.pay(bill["id"])) == "verified"


async def test_a_lost_callback_is_made_up_for_after_a_minute(shop):
    bill = await shop.new_bill()
    begun = await shop.started(bill["id"])
    await shop.bank.arm(begun["redirect_url"], {"kind": "lose_callback"})
    assert await shop.bank.pay(begun["redirect_url"]) is None
    await shop.advance(seconds=59)
    await shop.run("payment.sweep")
    assert await shop.state(begun["payment_id"]) == "at_bank"
    await shop.advance(seconds=1)
    await shop.run("payment.sweep")
    assert await shop.state(begun["payment_id"]) == "verified"
    assert (await shop.bill(bill["id"]))["state"] == "paid"


async def test_a_callback_that_comes_twice_counts_once(shop):
    bill = await shop.new_bill()
    begun = await shop.started(bill["id"])
    await shop.bank.arm(begun["redirect_url"], {"kind": "duplicate_callback", "copies": 2})
    address = await shop.bank.pay(begun["redirect_url"])
    assert shop.bank.visits == [address, address]
    await asyncio.gather(*(shop.come_back(url) for url in [address, *shop.bank.visits]))
    assert len(await shop.published("payment.bill_paid.v1")) == 1
    assert (await shop.balance()).accounts["buyer"] == -bill["amount"]


@pytest.mark.parametrize("kind", UNKNOWN_FOR_NOW)
async def test_a_verification_without_an_answer_is_unknown_until_it_is_asked_again(shop, kind):
    bill = await shop.new_bill()
    begun = await shop.started(bill["id"])
    await shop.bank.arm(begun["redirect_url"], {"kind": kind, "operation": "verify"})
    await shop.come_back(await shop.bank.pay(begun["redirect_url"]))
    assert await shop.state(begun["payment_id"]) == "unknown"
    assert (await shop.bill(bill["id"]))["state"] == "open"
    await shop.advance(minutes=1)
    await shop.run("payment.sweep")
    assert await shop.state(begun["payment_id"]) == "verified"
    assert len(await shop.published("payment.bill_paid.v1")) == 1


async def test_a_slow_verification_is_waited_for(shop):
    bill = await shop.new_bill()
    begun = await shop.started(bill["id"])
    await shop.bank.arm(begun["redirect_url"], {"kind": "slow", "operation": "verify", "seconds": 0.5})
    await shop.come_back(await shop.bank.pay(begun["redirect_url"]))
    assert await shop.state(begun["payment_id"]) == "verified"


async def test_a_forged_callback_in_an_outage_is_unknown_and_then_at_the_bank_again(shop):
    bill = await shop.new_bill()
    begun = await shop.started(bill["id"])
    await shop.bank.arm(begun["redirect_url"], {"kind": "unavailable", "operation": "inquiry"})
    authority = begun["redirect_url"].rsplit("/", 1)[-1]
    await shop.client.get(f"/api/v1/payments/callback/zarinpal?Authority={authority}&Status=OK")
    assert await shop.state(begun["payment_id"]) == "unknown"
    await shop.advance(minutes=1)
    await shop.run("payment.sweep")
    assert await shop.state(begun["payment_id"]) == "at_bank"
    assert await shop.started(bill["id"]) == begun


@pytest.mark.parametrize("amount", [1_000, 2_000_000_000])
async def test_another_amount_is_a_conflict_and_goes_back(shop, amount):
    bill = await shop.new_bill()
    begun = await shop.started(bill["id"])
    await shop.bank.arm(begun["redirect_url"], {"kind": "other_amount", "amount": amount})
    await shop.come_back(await shop.bank.pay(begun["redirect_url"]))
    conflicted = await shop.payment(begun["payment_id"])
    assert (conflicted["state"], conflicted["returning"]) == ("conflicted", True)
    assert (await shop.bill(bill["id"]))["state"] == "open"

    await shop.run("payment.returns")
    assert await shop.state(begun["payment_id"]) == "reversed"
    assert (await shop.bank.row(begun["redirect_url"]))["state"] == "reversed"
    [event] = await shop.published("payment.payment_returned.v1")
    assert (event["reason"], event["method"]) == ("amount_conflict", "reversed")
    assert await shop.published("payment.bill_paid.v1") == []


async def test_the_reference_of_another_bill_is_a_conflict_and_goes_back(shop):
    paid, other = await shop.new_bill(), await shop.new_bill()
    await shop.pay(paid["id"])
    begun = await shop.started(other["id"])
    await shop.bank.arm(begun["redirect_url"], {"kind": "reuse_reference"})
    await shop.come_back(await shop.bank.pay(begun["redirect_url"]))
    conflicted = await shop.payment(begun["payment_id"])
    assert (conflicted["state"], conflicted["reference"]) == ("conflicted", None)
    assert (await shop.bill(other["id"]))["state"] == "open"

    await shop.run("payment.returns")
    assert await shop.state(begun["payment_id"]) == "reversed"
    [event] = await shop.published("payment.payment_returned.v1")
    assert event["reason"] == "reference_conflict"
    balance = await shop.balance()
    assert balance.accounts == {"buyer": -paid["amount"], "provider:zarinpal": paid["amount"], "unapplied": 0}


async def test_an_expired_pay_page_ends_in_a_failed_payment(shop):
    bill = await shop.new_bill()
    begun = await shop.started(bill["id"])
    await shop.bank.arm(begun["redirect_url"], {"kind": "expire_token"})
    assert await shop.bank.pay(begun["redirect_url"]) is None
    await shop.advance(minutes=1)
    await shop.run("payment.sweep")
    assert await shop.state(begun["payment_id"]) == "failed"
    assert (await shop.start(bill["id"])).status_code == 201


async def test_money_that_the_bank_took_back_by_itself_is_reversed(shop):
    bill = await shop.new_bill()
    begun = await shop.started(bill["id"])
    await shop.bank.arm(begun["redirect_url"], {"kind": "auto_reverse"})
    await shop.come_back(await shop.bank.pay(begun["redirect_url"]))
    assert await shop.state(begun["payment_id"]) == "reversed"
    assert (await shop.bill(bill["id"]))["state"] == "open"
    assert (await shop.balance()).accounts == {}


async def test_an_abandoned_payment_is_asked_about_on_schedule_until_the_session_ends(shop):
    bill = await shop.new_bill()
    begun = await shop.started(bill["id"])
    for _ in range(20):
        await shop.advance(minutes=1)
        await shop.run("payment.sweep")
    assert await shop.state(begun["payment_id"]) == "failed"
    assert (await shop.bank.row(begun["redirect_url"]))["verifies"] == len([1, 3, 6, 12, 16])


async def test_a_provider_that_is_down_for_a_day_leaves_the_payment_unknown(shop):
    bill = await shop.new_bill()
    begun = await shop.started(bill["id"])
    await shop.bank.arm(begun["redirect_url"], {"kind": "unavailable", "times": None})
    await shop.bank.pay(begun["redirect_url"])
    for _ in range(24):
        await shop.advance(hours=1)
        await shop.run("payment.sweep")
    assert await shop.state(begun["payment_id"]) == "unknown"
    await shop.bank.arm(begun["redirect_url"])
    await shop.advance(hours=1)
    await shop.run("payment.sweep")
    assert await shop.state(begun["payment_id"]) == "reversed"


async def test_more_lost_callbacks_than_one_round_takes_are_settled_in_one_sweep(shop):
    bills = [await shop.new_bill() for _ in range(AT_ONCE + 5)]
    begun = await asyncio.gather(*(shop.started(bill["id"]) for bill in bills))
    for one in begun:
        await shop.bank.pay(one["redirect_url"])
    await shop.advance(minutes=1)
    await shop.run("payment.sweep")
    states = await shop.rows("SELECT DISTINCT state FROM payments")
    assert states == [("verified",)]
    assert len(await shop.published("payment.bill_paid.v1")) == len(bills)
