"""Payments with everything that can go wrong at a bank, while payment's processes are killed."""

import asyncio
import random
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from sqlalchemy import text

from chassis.database import Database
from chassis.testing.eventually import eventually
from nobat.testing.bank_page import BankPage, go
from nobat.testing.buyer import Buyer
from nobat.testing.money import Money, money_differences, read_money
from nobat.testing.plan import order_form
from nobat.testing.visitor import Json
from nobat.testing.world import World

HANG_SECONDS = 5
"""Longer than the system waits for a provider."""
CHANCES: Sequence[tuple[float, dict[str, Any]]] = (
    (0.2, {"kind": "lose_callback"}),
    (0.1, {"kind": "duplicate_callback", "copies": 3}),
    (0.05, {"kind": "other_amount"}),
    (0.03, {"kind": "expire_token"}),
    (0.05, {"kind": "auto_reverse"}),
    (0.05, {"kind": "reuse_reference"}),
    (0.05, {"kind": "slow", "operation": "verify", "seconds": 1}),
    (0.03, {"kind": "unavailable", "operation": "request"}),
    (0.1, {"kind": "unavailable", "operation": "verify", "times": 2}),
    (0.05, {"kind": "hang_done", "operation": "request", "seconds": HANG_SECONDS}),
    (0.08, {"kind": "hang_done", "operation": "verify", "seconds": HANG_SECONDS}),
    (0.05, {"kind": "hang_lost", "operation": "verify", "seconds": HANG_SECONDS}),
    (0.08, {"kind": "hang_lost", "operation": "inquiry", "seconds": HANG_SECONDS}),
    (0.2, {"kind": "unavailable", "operation": "reverse"}),
    (0.1, {"kind": "hang_done", "operation": "reverse", "seconds": HANG_SECONDS}),
    (0.1, {"kind": "refuse", "operation": "reverse", "code": -62}),
    (0.1, {"kind": "hang_done", "operation": "refund", "seconds": HANG_SECONDS}),
)
DECISIONS = (["paid", "cancelled", "failed", "goes away"], [85, 5, 5, 5])
SESSION_SECONDS, WINDOW_SECONDS = 16 * 60, 31 * 60
"""After which a page nobody pays at is gone, and money that nobody verified has gone back."""
TRIES = 3
PATIENCE = 120.0


@asynccontextmanager
async def faulty_bank(simulators: httpx.AsyncClient, seed: int) -> AsyncIterator[datetime]:
    """Every payment from now on draws its faults; gives the bank's time."""
    chances = [{"probability": probability, "fault": fault} for probability, fault in CHANCES]
    now = (await simulators.get("/bank/books")).json()["now"]
    (await simulators.put("/bank/faults/run", json={"seed": seed, "chances": chances})).raise_for_status()
    try:
        yield datetime.fromisoformat(now)
    finally:
        await simulators.delete("/bank/faults")


@asynccontextmanager
async def killing_payment(world: World, every: float, chance: random.Random) -> AsyncIterator[list[str]]:
    """Kills a process of payment every so many seconds after the last one is back; gives their names."""
    killed: list[str] = []
    victims = [name for name in world.cluster.names if name.startswith("payment.")]

    async def kill() -> None:
        while True:
            await asyncio.sleep(every)
            killed.append(chance.choice(victims))
            world.cluster.kill(killed[-1])
            await world.cluster.supervisor.wait_until_ready(killed[-1])

    task = asyncio.create_task(kill())
    try:
        yield killed
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


@asynccontextmanager
async def one_provider(world: World) -> AsyncIterator[None]:
    """ZarinPal alone: it can be asked about a payment whose buyer never came back, within the bank's time
    that the story moves on. What others lose goes back by their own clock.
    """
    database = Database(world.cluster.servers.databases["payment"], pool_size=1)
    for others_too in (False, True):
        async with database.transaction() as session:
            offer = "UPDATE provider_routes SET offered = :others_too OR provider = 'zarinpal'"
            await session.execute(text(offer), {"others_too": others_too})
        if not others_too:
            yield
    await database.close()


async def try_to_pay(buyer: Buyer, bill_id: str, decision: str) -> None:
    """Once to the bank and perhaps back; whatever the bank or the shop answers is taken as it is."""
    begun = await buyer.ask("POST", f"/bills/{bill_id}/payments", {}, **{"idempotency-key": str(uuid4())})
    if begun.status_code != httpx.codes.CREATED or decision == "goes away":
        return
    try:
        page = await BankPage.entered(buyer.simulators, begun.json()["redirect_url"])
    except httpx.HTTPStatusError:  # the page has expired, or was used
        return
    sent_back = await page.decide(decision)
    if sent_back is not None:
        await go(buyer.api, sent_back)


async def buy(world: World, plan: Json, buyer: Buyer, dice: random.Random) -> UUID:
    """An order, and up to ``TRIES`` tries to pay it by somebody who does not wait for the outcome."""
    placed = await buyer.post("/orders", order_form(plan, world.dealership_id), key=str(uuid4()))
    bill = await buyer.bill_of(placed["order_id"])
    for _ in range(TRIES):
        await try_to_pay(buyer, bill["id"], dice.choices(*DECISIONS)[0])
        if (await buyer.get(f"/bills/{bill['id']}"))["state"] == "paid":
            break
    return UUID(placed["order_id"])


async def let_time_pass(world: World, seconds: float) -> None:
    (await world.simulators.post("/bank/clock/advance", json={"seconds": seconds})).raise_for_status()


async def pay_while_everything_fails(
    world: World, chance: random.Random, *, purchases: int, at_once: int, every: float
) -> None:
    members = await world.members(purchases)
    plan, ledger = await world.plan(capacity=purchases), world.ledger()
    in_the_shop = asyncio.Semaphore(at_once)

    async with (
        one_provider(world),
        faulty_bank(world.simulators, chance.randrange(10**6)) as since,
        world.buyers(members, ledger) as buyers,
    ):

        async def shop(buyer: Buyer) -> UUID:
            async with in_the_shop:
                return await buy(world, plan, buyer, chance)

        async with killing_payment(world, every, chance) as killed:
            orders = await asyncio.gather(*map(shop, buyers))
        assert killed
        await world.until_ready()

        async def money() -> Money:
            return await read_money(world.cluster.servers, orders, world.simulators, since)

        for seconds in (SESSION_SECONDS, WINDOW_SECONDS):
            await eventually(money, lambda found: not _in_hand(found), within=PATIENCE, every=1)
            await let_time_pass(world, seconds)
        found = await eventually(money, lambda found: not found.unsettled, within=PATIENCE, every=1)
        await world.until_drained()

    assert money_differences(found) == []
    states = Counter(payment["state"] for payment in found.payments)
    assert states["verified"] > purchases / 2
    assert states["reversed"] + states["refunded"]
    paid = sum(bill["state"] == "paid" for bill in found.bills)
    await _contracts_are_those_of_paid_bills(world, plan, paid)


def _in_hand(found: Money) -> int:
    """Sessions whose money is at the bank and that are neither verified nor known to be wrong."""
    paid = {row["reference"] for row in found.bank if row["state"] == "paid"}
    waiting = {"at_bank", "unknown"}
    return sum(payment["authority"] in paid and payment["state"] in waiting for payment in found.payments)


async def _contracts_are_those_of_paid_bills(world: World, plan: Json, paid: int) -> None:
    async def contracts() -> int:
        facts = await world.facts(plan)
        return sum(order["state"] == "contract_active" for order in facts.orders)

    await eventually(contracts, lambda count: count == paid, within=PATIENCE, every=1)


@pytest.mark.timeout(600)
async def test_every_rial_is_accounted_for_when_everything_fails(world: World, chance: random.Random) -> None:
    await pay_while_everything_fails(world, chance, purchases=60, at_once=20, every=1)


@pytest.mark.chaos
@pytest.mark.timeout(1800)
async def test_every_rial_of_a_thousand_payments_is_accounted_for(
    world: World, chance: random.Random
) -> None:
    await pay_while_everything_fails(world, chance, purchases=1000, at_once=40, every=2)
