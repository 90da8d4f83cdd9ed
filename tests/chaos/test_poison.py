"""A message whose handler always raises: five tries, then the dead letters, from where it can come back."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import uuid4

import pytest
from sqlalchemy import text
from typer.testing import CliRunner

from chassis.database import Database
from chassis.testing.eventually import eventually
from nobat.cli import app
from nobat.testing.facts import dead_everywhere
from nobat.testing.plan import order_form
from nobat.testing.world import World

QUEUE = "sales.purchase"
RENAME = text("UPDATE orders SET id = CAST(:new AS uuid) WHERE id = CAST(:old AS uuid)")


@asynccontextmanager
async def hidden(world: World, order_id: str) -> AsyncIterator[None]:
    """While the order has another id, whatever handles an event about it raises."""
    elsewhere, database = str(uuid4()), Database(world.cluster.servers.databases["sales"], pool_size=1)

    async def rename(old: str, new: str) -> None:
        async with database.transaction() as session:
            await session.execute(RENAME, {"old": old, "new": new})

    await rename(order_id, elsewhere)
    try:
        yield
    finally:
        await rename(elsewhere, order_id)
        await database.close()


async def dead_letters(world: World, *arguments: str) -> str:
    """What ``nobat dead-letters`` prints for its operator."""
    home = {"NOBAT_HOME": str(world.folder)}
    done = await asyncio.to_thread(CliRunner().invoke, app, ["dead-letters", *arguments], env=home)
    assert done.exit_code == 0, done.output
    return done.stdout


async def poison_and_redrive(world: World, *, others: int, dead_within: float) -> None:
    members = await world.members(1 + others)
    plan, ledger = await world.plan(capacity=len(members)), world.ledger()

    async with world.buyers(members, ledger) as (victim, *rest):
        placed = await victim.post("/orders", order_form(plan, world.dealership_id), key=str(uuid4()))
        bill = await victim.bill_of(placed["order_id"])
        async with hidden(world, placed["order_id"]):
            await victim.pay(await victim.start_payment(bill["id"]))
            await asyncio.gather(*(buyer.purchase(plan, world.dealership_id) for buyer in rest))
            await eventually(lambda: dead(world), within=dead_within, every=0.5)

            (line,) = (await dead_letters(world, "list")).splitlines()
            queue, message_id, name = line.split()[:3]
            assert (queue, name) == (QUEUE, "payment.bill_paid.v1")
            assert "5 tries, 0 redrives" in line
            assert placed["order_id"] in await dead_letters(
                world, "show", "--queue", queue, "--id", message_id
            )

        dry_run = await dead_letters(world, "redrive", "--queue", queue, "--id", message_id)
        assert dry_run.split() == ["would", "move", message_id]
        assert len(await dead(world)) == 1
        applied = await dead_letters(world, "redrive", "--queue", queue, "--id", message_id, "--apply")
        assert applied.split() == ["moved", message_id]
        await victim.order_in_state(placed["order_id"], "contract_active")

    facts = await world.until_kept(ledger, plan)
    assert [order["state"] for order in facts.orders] == ["contract_active"] * len(members)


async def dead(world: World) -> list[str]:
    return await dead_everywhere(world.cluster.servers, world.cluster.topology)


async def test_a_message_that_cannot_be_handled_dies_alone_and_can_be_redriven(world: World) -> None:
    await poison_and_redrive(world, others=4, dead_within=90)


@pytest.mark.chaos
@pytest.mark.timeout(900)
async def test_a_message_dies_after_its_last_delay_and_can_be_redriven(real_world: World) -> None:
    await poison_and_redrive(real_world, others=50, dead_within=300)
