"""PostgreSQL restarts as if it had crashed, while more people order than there are cars."""

import asyncio

import httpx
import pytest

from nobat.testing.buyer import Buyer
from nobat.testing.told import ClientLedger
from nobat.testing.world import World


async def sell_out_while_the_database_restarts(
    world: World, *, cars: int, buyers: int, restarts: int, pause: float
) -> None:
    members = await world.members(buyers)
    plan, ledger = await world.plan(capacity=cars), world.ledger()
    postgres = world.cluster.postgres

    async def order(buyer: Buyer, place: int) -> httpx.Response:
        await asyncio.sleep(place * pause)
        return await buyer.try_to_order(plan, world.dealership_id)

    async with world.buyers(members, ledger) as shoppers:
        ordering = [asyncio.create_task(order(buyer, place)) for place, buyer in enumerate(shoppers)]
        for number in range(1, restarts + 1):
            await ordering[number * buyers // (restarts + 2)]
            await asyncio.to_thread(postgres.restart, "immediate")
        answers = await asyncio.gather(*ordering)

    assert not [answer for answer in answers if answer.status_code not in {201, 409}]
    assert _told(ledger, 201) == cars
    assert _told(ledger, 409) == buyers - cars
    assert {told.body["code"] for told in ledger.of("POST", "/orders", 409)} == {"sold_out"}
    await world.until_ready()
    await world.until_drained()
    facts = await world.until_kept(ledger, plan)
    assert [offering["sold"] for offering in facts.offerings] == [cars]


def _told(ledger: ClientLedger, status: int) -> int:
    return len({told.customer_id for told in ledger.of("POST", "/orders", status)})


async def test_no_car_is_lost_or_sold_twice_when_the_database_crashes(world: World) -> None:
    await sell_out_while_the_database_restarts(world, cars=20, buyers=40, restarts=1, pause=0.1)


@pytest.mark.chaos
@pytest.mark.timeout(1200)
async def test_no_car_is_lost_or_sold_twice_when_the_database_crashes_five_times(real_world: World) -> None:
    await sell_out_while_the_database_restarts(real_world, cars=400, buyers=500, restarts=5, pause=0.05)
