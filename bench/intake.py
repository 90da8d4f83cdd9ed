"""Order intake, at sales and through the gateway, against ``pgbench`` in the same run.

At sales the crowd of a launch waits at once: admission takes those who wait together, so the rate grows
with the crowd, and it is this rate that matters at an opening.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean, median

from bench import baseline, wrk
from bench.launch import Launch, launch
from bench.report import Measurement

CROWD = 256
CONNECTIONS = 64
EXPECTED_RATE = 5000
CREATED = 201
ROUNDS = 3
WARM_UP_SECONDS = 2


@dataclass(frozen=True)
class Round:
    """Orders a second, measured one after the other; ``reference`` is pgbench's, before and after."""

    direct: wrk.Answered
    through: wrk.Answered
    reference: tuple[float, float]

    def against_reference(self, answered: wrk.Answered) -> float:
        return answered.per_second / fmean(self.reference)


async def measure(folder: Path, seconds: int, _: int) -> list[Measurement]:
    rounds = await _rounds(folder, seconds)
    pgbench = [*(r.reference[0] for r in rounds), rounds[-1].reference[1]]
    reference = f"pgbench {', '.join(f'{rate:,.0f}' for rate in pgbench)}"
    direct, through = [r.direct for r in rounds], [r.through for r in rounds]
    return [
        Measurement(
            f"order intake at sales, two processes, {CROWD} at once, against pgbench on one hot row",
            median(r.against_reference(r.direct) for r in rounds),
            "×",
            2.0,
            detail=f"{_described(direct)}; {reference}",
        ),
        Measurement(
            f"order intake through the gateway, {CONNECTIONS} at once, against the same",
            median(r.against_reference(r.through) for r in rounds),
            "×",
            0.7,
            detail=_described(through),
        ),
        Measurement(
            "its 99th percentile",
            median(answered.p99_ms for answered in through),
            "ms",
            250,
            at_most=True,
        ),
    ]


async def _rounds(folder: Path, seconds: int) -> list[Round]:
    """Rounds that follow each other closely: the machine's own speed changes from minute to minute."""
    async with launch(folder, start=("sales.api", "gateway")) as world:
        await at_sales(world, WARM_UP_SECONDS)
        after = await baseline.orders_per_second(world, seconds)
        rounds = []
        for _ in range(ROUNDS):
            before = after
            direct = await at_sales(world, seconds)
            through = await through_gateway(world, seconds)
            after = await baseline.orders_per_second(world, seconds)
            rounds.append(Round(direct, through, (before, after)))
    return rounds


def _described(answers: Sequence[wrk.Answered]) -> str:
    rates = ", ".join(f"{answered.per_second:,.0f}" for answered in answers)
    return f"{rates}/s, {sum(answered.refused for answered in answers)} refused"


async def at_sales(world: Launch, seconds: int, body: Path | None = None) -> wrk.Answered:
    """``body`` is another order than the ordinary one."""
    names = world.processes("sales.api")
    loads = [
        wrk.Load(
            f"{world.topology.find(name).url}/api/v1/orders",
            CROWD // len(names),
            await world.tokens(EXPECTED_RATE * seconds // len(names)),
            body or world.body,
        )
        for name in names
    ]
    return await wrk.run(loads, seconds, expect=CREATED)


async def through_gateway(world: Launch, seconds: int) -> wrk.Answered:
    tokens = await world.tokens(EXPECTED_RATE * seconds)
    url = f"{world.topology.gateway_url}/api/v1/orders"
    return await wrk.run([wrk.Load(url, CONNECTIONS, tokens, world.body)], seconds, expect=CREATED)
