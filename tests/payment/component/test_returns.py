"""Money that came too late goes back, by itself, once."""

import asyncio
from uuid import UUID

import pytest

from chassis.testing.eventually import eventually

RETURNED = "payment.payment_returned.v1"


async def pay_after_the_lapse(shop):
    """Pays a bill whose order lapses while the buyer is at the bank; gives the payment as it started."""
    bill = await shop.new_bill()
    begun = await shop.started(bill["id"])
    await shop.hear(shop.lapsed(UUID(bill["order_id"])))
    await shop.come_back(await shop.bank.pay(begun["redirect_url"]))
    return bill, begun


async def test_money_for_a_lapsed_order_is_reversed(shop):
    bill, begun = await pay_after_the_lapse(shop)
    late = await shop.payment(begun["payment_id"])
    assert (late["state"], late["returning"]) == ("verified", True)

    await shop.run("payment.returns")
    gone = await shop.payment(begun["payment_id"])
    assert (gone["state"], gone["returning"]) == ("reversed", False)
    assert (await shop.bill(bill["id"]))["state"] == "cancelled"
    assert (await shop.bank.row(begun["redirect_url"]))["state"] == "reversed"
    [event] = await shop.published(RETURNED)
    assert (event["method"], event["reason"]) == ("reversed", "order_lapsed")
    assert event["amount"] == bill["amount"]
    assert await shop.published("payment.bill_paid.v1") == []
    assert (await shop.balance()).accounts == {"provider:zarinpal": 0, "unapplied": 0}


async def test_money_is_refunded_when_the_window_for_reversing_has_passed(shop):
    _, begun = await pay_after_the_lapse(shop)
    await shop.advance(minutes=31)
    await shop.run("payment.returns")
    assert await shop.state(begun["payment_id"]) == "refunded"
    assert (await shop.bank.row(begun["redirect_url"]))["state"] == "refunded"
    [event] = await shop.published(RETURNED)
    assert event["method"] == "refunded"


async def test_money_is_refunded_when_the_provider_does_not_reverse(shop):
    _, begun = await pay_after_the_lapse(shop)
    await shop.bank.arm(begun["redirect_url"], {"kind": "refuse", "operation": "reverse", "code": -62})
    await shop.run("payment.returns")
    assert await shop.state(begun["payment_id"]) == "refunded"


@pytest.mark.parametrize("kind", ["unavailable", "hang_done", "hang_lost"])
async def test_a_reversal_without_an_answer_is_tried_again_and_happens_once(shop, kind):
    _, begun = await pay_after_the_lapse(shop)
    await shop.bank.arm(begun["redirect_url"], {"kind": kind, "operation": "reverse"})
    await shop.run("payment.returns")
    assert (await shop.payment(begun["payment_id"]))["returning"]
    await shop.advance(seconds=5)
    await shop.run("payment.returns")
    assert await shop.state(begun["payment_id"]) == "reversed"
    assert len(await shop.published(RETURNED)) == 1


@pytest.mark.parametrize("kind", ["unavailable", "hang_done", "hang_lost"])
async def test_a_refund_without_an_answer_is_tried_again_and_happens_once(shop, kind):
    bill, begun = await pay_after_the_lapse(shop)
    await shop.advance(minutes=31)
    await shop.bank.arm(begun["redirect_url"], {"kind": kind, "operation": "refund"})
    await shop.run("payment.returns")
    assert (await shop.payment(begun["payment_id"]))["returning"]
    await shop.advance(hours=1)
    await shop.run("payment.returns")
    assert await shop.state(begun["payment_id"]) == "refunded"
    assert (await shop.bank.row(begun["redirect_url"]))["refunded_amount"] == bill["amount"]
    assert len(await shop.published(RETURNED)) == 1


async def test_a_day_of_outage_loses_no_return(shop):
    _, begun = await pay_after_the_lapse(shop)
    down = [
        {"kind": "unavailable", "operation": operation, "times": None}
        for operation in ("reverse", "inquiry", "refund")
    ]
    await shop.bank.arm(begun["redirect_url"], *down)
    for _ in range(24):
        await shop.run("payment.returns")
        await shop.advance(hours=1)
    assert (await shop.payment(begun["payment_id"]))["returning"]
    await shop.bank.arm(begun["redirect_url"])
    await shop.run("payment.returns")
    assert await shop.state(begun["payment_id"]) == "refunded"


async def test_the_money_of_a_declined_order_leaves_its_bill_and_goes_back(shop):
    bill = await shop.new_bill()
    payment_id = await shop.pay(bill["id"])
    event = await shop.declined(payment_id)
    await shop.hear(event, event)
    declined = await shop.bill(bill["id"])
    assert (declined["state"], declined["paid"]) == ("cancelled", 0)
    assert (await shop.balance()).accounts["unapplied"] == -bill["amount"]

    await shop.run("payment.returns")
    await shop.hear(event)
    await shop.run("payment.returns")
    assert await shop.state(payment_id) == "reversed"
    assert len(await shop.published(RETURNED)) == 1
    assert set((await shop.balance()).accounts.values()) == {0}


async def test_declining_money_that_goes_back_already_changes_nothing(shop):
    bill, begun = await pay_after_the_lapse(shop)
    await shop.hear(await shop.declined(begun["payment_id"]))
    await shop.run("payment.returns")
    assert (await shop.bill(bill["id"]))["state"] == "cancelled"
    assert len(await shop.published(RETURNED)) == 1
    assert set((await shop.balance()).accounts.values()) == {0}


async def test_a_lapse_after_the_payment_leaves_the_paid_bill_to_sales(shop):
    bill = await shop.new_bill()
    await shop.pay(bill["id"])
    await shop.hear(shop.lapsed(UUID(bill["order_id"])))
    assert (await shop.bill(bill["id"]))["state"] == "paid"


async def test_what_is_owed_back_is_a_metric(shop):
    _, begun = await pay_after_the_lapse(shop)
    await shop.bank.arm(begun["redirect_url"], {"kind": "unavailable", "operation": "reverse"})
    await shop.run("payment.returns")
    metrics = (await shop.client.get("/metrics")).text
    assert "payment_returns_owed 1.0" in metrics
    assert "payment_returns_owed_rial 9e+08" in metrics
    await shop.advance(seconds=5)
    await shop.run("payment.returns")
    assert "payment_returns_owed 0.0" in (await shop.client.get("/metrics")).text


async def test_a_process_that_dies_after_reversing_leaves_a_return_that_ends_later(shop):
    _, begun = await pay_after_the_lapse(shop)
    await shop.bank.arm(begun["redirect_url"], {"kind": "hang_done", "operation": "reverse"})
    dying = asyncio.create_task(shop.run("payment.returns"))
    await eventually(
        lambda: shop.bank.row(begun["redirect_url"]), until=lambda row: row["state"] == "reversed"
    )
    dying.cancel()
    await asyncio.gather(dying, return_exceptions=True)
    assert (await shop.payment(begun["payment_id"]))["returning"]
    await shop.advance(minutes=1)
    await shop.run("payment.returns")
    assert await shop.state(begun["payment_id"]) == "reversed"
    assert len(await shop.published(RETURNED)) == 1


async def test_several_workers_at_once_give_each_payment_back_once(shop):
    late = [await pay_after_the_lapse(shop) for _ in range(5)]
    await asyncio.gather(*(shop.run("payment.returns") for _ in range(4)))
    returned = [event["payment_id"] for event in await shop.published(RETURNED)]
    assert sorted(returned) == sorted(begun["payment_id"] for _, begun in late)


async def test_two_workers_with_the_same_return_tell_of_it_once(shop):
    _, begun = await pay_after_the_lapse(shop)
    await shop.bank.arm(begun["redirect_url"], {"kind": "slow", "operation": "reverse", "seconds": 1.5})
    slow = asyncio.create_task(shop.run("payment.returns"))
    await shop.bank.struck(begun["redirect_url"], "slow")
    shop.clock.advance(seconds=60)
    await shop.run("payment.returns")
    await slow
    assert await shop.state(begun["payment_id"]) == "reversed"
    assert len(await shop.published(RETURNED)) == 1
