"""A thousand people, at once, for fewer cars than that."""

from collections import Counter

import pytest

from nobat.testing.comparison import order_differences
from nobat.testing.rush import Rush, Rusher

REPETITIONS = 20
CARS = pytest.mark.parametrize("cars", [1, 10, 100])


async def race(rush: Rush, everybody: list[Rusher], cars: int) -> None:
    plan = await rush.plan(capacity=cars)

    ledger = await rush.everybody_orders(everybody, plan)

    answers = Counter((told.status, told.body.get("code")) for told in ledger.answers)
    assert answers == {(201, None): cars, (409, "sold_out"): len(everybody) - cars}
    facts = await rush.facts(plan)
    assert order_differences(ledger, facts) == []
    assert [offering["sold"] for offering in facts.offerings] == [cars]
    assert sorted(await rush.announced(plan)) == sorted(order["id"] for order in facts.orders)


@CARS
async def test_exactly_as_many_cars_are_sold_as_there_are(
    rush: Rush, everybody: list[Rusher], cars: int
) -> None:
    await race(rush, everybody, cars)


@pytest.mark.chaos
@pytest.mark.timeout(1200)
@CARS
async def test_exactly_as_many_cars_are_sold_as_there_are_every_time(
    rush: Rush, everybody: list[Rusher], cars: int
) -> None:
    for _ in range(REPETITIONS):
        await race(rush, everybody, cars)
