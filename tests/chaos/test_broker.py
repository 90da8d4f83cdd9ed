"""RabbitMQ stops, dies and freezes while people order; a relay freezes past its lease."""

import asyncio
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import psutil
import pytest

from chassis.testing.eventually import eventually
from nobat.testing.buyer import Member
from nobat.testing.facts import leases
from nobat.testing.told import ClientLedger
from nobat.testing.visitor import Json
from nobat.testing.world import World

OUTAGES: dict[str, tuple[str, str]] = {
    "stopped": ("stop_app", "start_app"),
    "killed": ("kill", "start"),
    "frozen": ("freeze", "thaw"),
}
"""What is done to the broker, and what brings it back."""

RELAY_DEPTH = 2
"""As many batches one relay has under way at most; where there are more, two relays have some."""

Answers = list[httpx.Response]


@asynccontextmanager
async def ordering(
    world: World,
    members: list[Member],
    plan: Json,
    ledger: ClientLedger,
    pause: float,
    *,
    halfway: asyncio.Event,
) -> AsyncIterator[Answers]:
    """Members order one after the other, half of them after ``halfway``, and take the first answer.

    Yields the answers so far.
    """
    answers: Answers = []

    async def order_in_turn() -> None:
        async with world.buyers(members, ledger, persistent=False) as buyers:
            for number, buyer in enumerate(buyers):
                if number == len(buyers) // 2:
                    await halfway.wait()
                answers.append(await buyer.try_to_order(plan, world.dealership_id))
                await asyncio.sleep(pause)

    task = asyncio.create_task(order_in_turn())
    try:
        yield answers
        await task
    finally:
        task.cancel()


async def order_through_an_outage(
    world: World, outage: str, *, seconds: float, orders: int, pause: float
) -> None:
    members = await world.members(orders)
    plan, ledger = await world.plan(capacity=orders), world.ledger()
    await world.until_drained()
    broker = world.cluster.rabbitmq
    breaking, mending = (getattr(broker, name) for name in OUTAGES[outage])
    if outage == "killed":
        await asyncio.to_thread(broker.sync_queues)

    gone = asyncio.Event()
    async with ordering(world, members, plan, ledger, pause, halfway=gone) as answers:
        await asyncio.to_thread(breaking)
        gone.set()
        try:
            before = len(answers)
            await asyncio.sleep(seconds)
            meanwhile = answers[before:]
        finally:
            await asyncio.to_thread(mending)

    assert meanwhile
    assert {answer.status_code for answer in answers} == {201}
    await world.until_drained()
    await world.until_kept(ledger, plan)


@pytest.mark.parametrize("outage", ["stopped", "frozen"])
async def test_orders_are_taken_while_the_broker_is_away(world: World, outage: str) -> None:
    await order_through_an_outage(world, outage, seconds=4, orders=30, pause=0.2)


@pytest.mark.chaos
@pytest.mark.timeout(600)
@pytest.mark.parametrize(("outage", "seconds"), [("stopped", 30), ("killed", 30), ("frozen", 40)])
async def test_orders_are_taken_during_a_long_outage_of_the_broker(
    real_world: World, outage: str, seconds: float
) -> None:
    await order_through_an_outage(real_world, outage, seconds=seconds, orders=500, pause=0.1)


async def freeze_a_relay_with_a_lease(world: World, *, orders: int) -> None:
    """The broker is frozen, so that both relays hold what they took; one of them then misses its time."""
    members = await world.members(orders)
    plan, ledger = await world.plan(capacity=orders), world.ledger()
    await world.until_drained()
    twin = psutil.Process(world.cluster.pid("sales.worker.1"))
    broker = world.cluster.rabbitmq

    frozen = asyncio.Event()
    broker.freeze()
    frozen.set()
    try:
        async with ordering(world, members, plan, ledger, 0.05, halfway=frozen) as answers:
            await eventually(lambda: leases(world.cluster.servers, "sales"), lambda held: held > RELAY_DEPTH)
            twin.send_signal(signal.SIGSTOP)
        broker.thaw()
        await world.until_drained()
    finally:
        broker.thaw()
        twin.send_signal(signal.SIGCONT)

    assert {answer.status_code for answer in answers} == {201}
    await world.until_kept(ledger, plan)


async def test_nothing_is_lost_or_doubled_when_a_relay_misses_its_lease(world: World) -> None:
    await freeze_a_relay_with_a_lease(world, orders=30)


@pytest.mark.chaos
@pytest.mark.timeout(600)
async def test_nothing_is_lost_or_doubled_when_a_busy_relay_misses_its_lease(real_world: World) -> None:
    for _ in range(3):
        await freeze_a_relay_with_a_lease(real_world, orders=200)
