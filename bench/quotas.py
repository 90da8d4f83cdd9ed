"""Order intake of a car that is divided by class, dealership and colour, against one that is not.

The two take turns in one run, since the machine's own speed changes from minute to minute.
"""

from pathlib import Path
from statistics import median

from bench.intake import WARM_UP_SECONDS, at_sales
from bench.launch import launch
from bench.report import Measurement

ROUNDS = 5


async def measure(folder: Path, seconds: int, _: int) -> list[Measurement]:
    async with launch(folder, start=("sales.api",)) as world:
        for body in (world.body, world.divided_body):
            await at_sales(world, WARM_UP_SECONDS, body)
        rounds = [
            [(await at_sales(world, seconds, body)).per_second for body in (world.body, world.divided_body)]
            for _ in range(ROUNDS)
        ]
    rates = "; ".join(f"{plain:,.0f} and {divided:,.0f}" for plain, divided in rounds)
    return [
        Measurement(
            "order intake with quotas on three levels, against the same without",
            median(divided / plain for plain, divided in rounds),
            "×",
            0.9,
            detail=f"{rates}/s",
        )
    ]
