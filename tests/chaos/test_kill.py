"""`kill -9` of one process after another while people buy."""

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import pytest

from nobat.cluster import Cluster
from nobat.testing.buyer import Buyer
from nobat.testing.visitor import Json
from nobat.testing.world import World

SPARED = "simulators"
"""The outside does not belong to the system."""


@asynccontextmanager
async def killing(
    cluster: Cluster, every: float, chance: random.Random, most: int
) -> AsyncIterator[list[str]]:
    """Kills a process every so many seconds, at most so many; yields the names of those killed."""
    killed: list[str] = []
    victims = [name for name in cluster.names if name != SPARED]

    async def kill() -> None:
        while len(killed) < most:
            await asyncio.sleep(every)
            killed.append(chance.choice(victims))
            cluster.kill(killed[-1])

    task = asyncio.create_task(kill())
    try:
        yield killed
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def buy_while_processes_die(
    world: World, chance: random.Random, *, purchases: int, at_once: int, every: float, most: int
) -> None:
    members = await world.members(purchases)
    plan, ledger = await world.plan(capacity=purchases), world.ledger()
    in_the_shop = asyncio.Semaphore(at_once)

    async def buy(buyer: Buyer) -> Json:
        async with in_the_shop:
            await asyncio.sleep(chance.random())
            return await buyer.purchase(plan, world.dealership_id)

    async with world.buyers(members, ledger) as buyers, killing(world.cluster, every, chance, most) as killed:
        orders = await asyncio.gather(*map(buy, buyers))

    assert killed
    assert len({order["contract_number"] for order in orders}) == purchases
    await world.until_ready()
    await world.until_drained()
    facts = await world.until_kept(ledger, plan)
    assert [order["state"] for order in facts.orders] == ["contract_active"] * purchases


async def test_every_purchase_ends_well_while_processes_are_killed(
    world: World, chance: random.Random
) -> None:
    await buy_while_processes_die(world, chance, purchases=25, at_once=8, every=1, most=6)


@pytest.mark.chaos
@pytest.mark.timeout(1800)
async def test_three_hundred_purchases_end_well_while_a_process_is_killed_every_two_seconds(
    real_world: World, chance: random.Random
) -> None:
    await buy_while_processes_die(real_world, chance, purchases=300, at_once=30, every=2, most=10_000)
