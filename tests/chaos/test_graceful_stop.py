"""Every process is told to end, in turn, while people buy: a release in the middle of the day."""

import asyncio
import signal
from collections.abc import Iterable

import psutil
import pytest

from chassis.testing.eventually import eventually
from nobat.testing.buyer import Buyer
from nobat.testing.visitor import Json
from nobat.testing.world import World

EXIT_SECONDS = 25.0
FIRST, SECOND, WORKERS = ("api.1",), ("api.2",), ("worker.1", "worker.2")
ONLY_ONE = frozenset({"identity.api.1"})
"""Nobody asks identity here but for its keys, which everybody has."""


async def end_in_turn(world: World, *suffixes: str) -> None:
    """Ends the processes with such names together; waits until others have taken their place."""
    names = [name for name in world.cluster.names if name.endswith(suffixes) and name not in ONLY_ONE]
    await asyncio.gather(*(end(world, name) for name in names))


async def end(world: World, name: str) -> None:
    supervisor = world.cluster.supervisor
    restarts = supervisor.restarts(name)
    psutil.Process(world.cluster.pid(name)).send_signal(signal.SIGTERM)

    async def ended() -> bool:
        return supervisor.restarts(name) > restarts

    await eventually(ended, within=EXIT_SECONDS)
    await supervisor.wait_until_ready(name)


async def buy_until(over: asyncio.Event, buyers: Iterable[Buyer], plan: Json, dealership_id: str) -> int:
    """Buyers buy one after the other until it is over; how many did."""
    bought = 0
    for buyer in buyers:
        if over.is_set():
            break
        await buyer.purchase(plan, dealership_id)
        bought += 1
    return bought


async def roll_through(
    world: World, groups: Iterable[tuple[str, ...]], *, persistent: bool, side_by_side: int, each: int
) -> None:
    members = await world.members(side_by_side * each)
    plan, ledger = await world.plan(capacity=len(members)), world.ledger()
    over = asyncio.Event()

    async with world.buyers(members, ledger, persistent=persistent) as buyers:
        queues = [buyers[number::side_by_side] for number in range(side_by_side)]
        buying = [asyncio.create_task(buy_until(over, queue, plan, world.dealership_id)) for queue in queues]
        try:
            for group in groups:
                await end_in_turn(world, *group)
        finally:
            over.set()
        bought = sum(await asyncio.gather(*buying))

    assert bought
    failures = [told for told in ledger.answers if told.status >= 400]
    assert not failures
    await world.until_drained()
    facts = await world.until_kept(ledger, plan)
    assert [order["state"] for order in facts.orders] == ["contract_active"] * bought


@pytest.mark.chaos
async def test_no_request_fails_while_every_process_with_a_twin_is_replaced(world: World) -> None:
    await roll_through(world, [FIRST, SECOND, WORKERS], persistent=False, side_by_side=2, each=60)


async def test_no_purchase_fails_while_the_gateway_is_replaced(world: World) -> None:
    await roll_through(world, [("gateway",)], persistent=True, side_by_side=2, each=30)


@pytest.mark.chaos
@pytest.mark.timeout(1200)
async def test_no_request_fails_while_every_process_is_replaced_three_times(real_world: World) -> None:
    await roll_through(real_world, [FIRST, SECOND, WORKERS] * 3, persistent=False, side_by_side=10, each=100)
