"""Order intake of a car that is divided by class, dealership and colour, against one that is not.

The two take turns in one run, and at going first, since the machine's own speed changes from minute to
minute and who comes second finds the server busy with what the first has written.
"""

from pathlib import Path
from statistics import median

from bench.intake import WARM_UP_SECONDS, at_sales
from bench.launch import launch
from bench.report import Measurement

ROUNDS = 6


async def measure(folder: Path, seconds: int, _: int) -> list[Measurement]:
    async with launch(folder, start=("sales.api",)) as world:
        bodies = world.body, world.divided_body
        for body in bodies:
            await at_sales(world, WARM_UP_SECONDS, body)
        rounds = []
        for turn in range(ROUNDS):
            order = bodies if turn % 2 else bodies[::-1]
            rates_of = {body: (await at_sales(world, seconds, body)).per_second for body in order}
            rounds.append([rates_of[body] for body in bodies])
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
