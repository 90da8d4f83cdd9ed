"""A buyer who is back from the bank before the shop has written down that they were sent there."""

import asyncio

import pytest

from chassis.testing.eventually import eventually
from payment.providers.capabilities import CAPABILITIES

SENT_BY_FORM = "mellat"


async def new_session(market, known):
    """What the bank has opened besides the ``known`` sessions."""
    rows = [row for row in await market.bank.books() if row["reference"] not in known]
    return rows[0] if rows else None


def led_to(market, session):
    """The way to the pay page that the shop has not told the buyer yet."""
    url, form = market.bank.url + session["page"], None
    if session["provider"] == SENT_BY_FORM:
        form = {"action": url.partition("?")[0], "fields": {"RefId": session["reference"]}}
    return {"redirect_url": url, "form": form}


@pytest.mark.parametrize("provider", sorted(CAPABILITIES))
async def test_a_callback_that_comes_too_early_harms_nothing_and_counts_when_it_comes_again(market, provider):
    known = {row["reference"] for row in await market.bank.books()}
    bill = await market.new_bill()
    await market.bank.arm_next({"kind": "slow_done", "operation": "request"})
    starting = asyncio.create_task(market.started(bill["id"], provider=provider))
    session = await eventually(lambda: new_session(market, known))
    back = await market.at_bank(led_to(market, session))
    early = await market.return_to_shop(back)
    [payment] = await market.rows("SELECT authority FROM payments")
    assert early.status_code == 404 or payment.authority is not None
    begun = await starting
    assert (await market.return_to_shop(back)).status_code == 303
    assert await market.state(begun["payment_id"]) == "verified"
    assert (await market.bill(bill["id"]))["state"] == "paid"
    assert (await market.balance()).is_kept
