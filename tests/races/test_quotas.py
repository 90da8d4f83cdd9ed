"""A thousand people, at once, for a car divided by class, colour and dealership."""

import random
from collections import Counter

from nobat.testing.rush import Rush, Rusher
from nobat.testing.visitor import Json

CARS = 30
COLOURS = {"سفید": 18, "مشکی": 12}
CLASSES = {"ordinary": 20, "veterans": 10}


async def test_exactly_what_each_quota_has_is_sold_and_nobody_is_refused_without_a_full_one(
    rush: Rush, everybody: list[Rusher]
) -> None:
    await rush.enlist(everybody, "veterans")
    first, second, *_ = rush.dealership_ids
    dealerships = {first: 25, second: 5}
    divided = {"class_quotas": CLASSES, "colour_quotas": COLOURS, "dealership_quotas": dealerships}
    plan = await rush.plan(CARS, divided, applicant_classes=list(CLASSES))
    chance = random.Random(30)
    wishes = [
        {
            "applicant_class": chance.choice(list(CLASSES)),
            "colour": chance.choice(list(COLOURS)),
            "dealership_id": chance.choice(list(dealerships)),
        }
        for _ in everybody
    ]

    ledger = await rush.everybody_orders(everybody, plan, wishes=wishes)

    answers = Counter((told.status, told.body.get("code")) for told in ledger.answers)
    assert answers == {(201, None): CARS, (409, "sold_out"): len(everybody) - CARS}
    facts = await rush.facts(plan)
    assert [offering["sold"] for offering in facts.offerings] == [len(facts.orders)] == [CARS]
    taken = Counter(level for told in ledger.answers if told.status == 201 for level in _levels(told.sent))
    quotas = await rush.quotas(plan)
    assert {level: sold for level, (_, sold) in quotas.items()} == taken
    assert all(sold <= capacity for capacity, sold in quotas.values())


def _levels(form: Json) -> list[tuple[str, str]]:
    """The quotas that an order counts in."""
    return [
        ("class", form["applicant_class"]),
        ("colour", form["choices"][0]["colour"]),
        ("dealership", form["dealership_id"]),
    ]
