"""The bank's books, the ledger and the bills after a run of payments with faults of every kind."""

import asyncio
from collections import Counter
from random import Random
from uuid import UUID

import pytest

PAYMENTS = 60
CHANCES = [
    (0.2, {"kind": "lose_callback"}),
    (0.1, {"kind": "duplicate_callback", "copies": 3}),
    (0.1, {"kind": "other_amount"}),
    (0.05, {"kind": "expire_token"}),
    (0.1, {"kind": "auto_reverse"}),
    (0.1, {"kind": "reuse_reference"}),
    (0.05, {"kind": "unavailable", "operation": "request"}),
    (0.1, {"kind": "unavailable", "operation": "verify", "times": 2}),
    (0.1, {"kind": "hang_done", "operation": "verify", "seconds": 1}),
    (0.1, {"kind": "hang_lost", "operation": "inquiry", "seconds": 1}),
    (0.2, {"kind": "unavailable", "operation": "reverse"}),
    (0.1, {"kind": "hang_done", "operation": "reverse", "seconds": 1}),
    (0.1, {"kind": "refuse", "operation": "reverse", "code": -62}),
    (0.1, {"kind": "hang_done", "operation": "refund", "seconds": 1}),
]


async def buy(shop, dice, bill):
    """One buyer's try: pays, cancels, never comes back, or is too late."""
    outcome = dice.choices(["paid", "cancelled", "failed", "nothing"], [8, 1, 1, 1])[0]
    lapses = dice.choices(["never", "meanwhile", "afterwards"], [6, 1, 1])[0]
    answer = await shop.start(bill["id"])
    if answer.status_code != 201 or outcome == "nothing":
        return
    begun = answer.json()
    if lapses == "meanwhile":
        await shop.hear(shop.lapsed(UUID(bill["order_id"])))
    address = await shop.bank.pay(begun["redirect_url"], outcome)
    if address is not None:
        await shop.come_back(address)
    if lapses == "afterwards" and await shop.state(begun["payment_id"]) == "verified":
        await shop.hear(await shop.declined(begun["payment_id"]))


async def let_time_do_its_work(shop):
    """An hour and a half of sweeping and returning, minute by minute at first."""
    for minutes in [1] * 20 + [5] * 8 + [30]:
        for url in [*shop.bank.visits]:
            shop.bank.visits.remove(url)
            await shop.come_back(url)
        await shop.run("payment.sweep")
        await shop.run("payment.returns")
        await shop.advance(minutes=minutes)


@pytest.mark.parametrize("seed", [1404])
async def test_every_rial_is_accounted_for(shop, seed):
    before = len(await shop.bank.books())
    chances = [{"probability": probability, "fault": fault} for probability, fault in CHANCES]
    await shop.bank.client.put("/bank/faults/run", json={"seed": seed, "chances": chances})
    dice = Random(seed)
    bills = [await shop.new_bill(amount=dice.randint(1, 900) * 1_000_000) for _ in range(PAYMENTS)]
    await asyncio.gather(*(buy(shop, dice, bill) for bill in bills))
    await let_time_do_its_work(shop)

    payments = {row.authority: row for row in await shop.rows("SELECT * FROM payments")}
    states = Counter(row.state for row in payments.values())
    assert not states.keys() & {"started", "at_bank", "unknown", "conflicted"}
    assert states["verified"] > PAYMENTS / 5

    books = (await shop.bank.books())[before:]
    kept = {row["reference"]: row["paid_amount"] for row in books if row["state"] == "verified"}
    counted = {row.authority: row.received for row in payments.values() if row.state == "verified"}
    assert kept == counted
    for row in books:
        if row["state"] in {"reversed", "refunded"}:
            assert payments[row["reference"]].state == row["state"]

    balance = await shop.balance()
    assert balance.is_kept
    assert balance.accounts["provider:zarinpal"] == sum(kept.values())
    assert balance.accounts["buyer"] == -sum(kept.values())
    assert balance.accounts["unapplied"] == 0

    after = [await shop.bill(bill["id"]) for bill in bills]
    assert sum(bill["paid"] for bill in after) == sum(kept.values())
    assert all((bill["paid"] == bill["amount"]) is (bill["state"] == "paid") for bill in after)

    told = Counter(event["bill_id"] for event in await shop.published("payment.bill_paid.v1"))
    assert set(told.values()) == {1}
    assert {bill["id"] for bill in after if bill["state"] == "paid"} <= told.keys()
    returned = Counter(event["payment_id"] for event in await shop.published("payment.payment_returned.v1"))
    owed = await shop.rows("SELECT payment_id::text FROM owed_returns")
    assert returned == Counter(payment_id for (payment_id,) in owed)
