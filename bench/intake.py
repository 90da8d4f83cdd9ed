"""Order intake, at sales and through the gateway, against ``pgbench`` in the same run."""

from pathlib import Path

from bench import baseline, wrk
from bench.launch import Launch, launch
from bench.report import Measurement

CONNECTIONS = 64
EXPECTED_RATE = 5000
CREATED = 201


async def measure(folder: Path, seconds: int, _: int) -> list[Measurement]:
    async with launch(folder, start=("sales.api", "gateway")) as world:
        before = await baseline.orders_per_second(world, seconds)
        direct = await at_sales(world, seconds)
        through = await through_gateway(world, seconds)
        after = await baseline.orders_per_second(world, seconds)
    reference = (before + after) / 2
    detail = f"pgbench {before:,.0f} before, {after:,.0f} after"
    return [
        Measurement(
            "order intake at sales, two processes, against pgbench on one hot row",
            direct.per_second / reference,
            "×",
            2.0,
            detail=f"{direct.per_second:,.0f}/s, {direct.refused} refused; {detail}",
        ),
        Measurement(
            "order intake through the gateway, against the same",
            through.per_second / reference,
            "×",
            0.7,
            detail=f"{through.per_second:,.0f}/s, {through.refused} refused",
        ),
        Measurement(
            f"its 99th percentile at {CONNECTIONS} connections", through.p99_ms, "ms", 250, at_most=True
        ),
    ]


async def at_sales(world: Launch, seconds: int) -> wrk.Answered:
    names = world.processes("sales.api")
    loads = [
        wrk.Load(
            f"{world.topology.find(name).url}/api/v1/orders",
            CONNECTIONS // len(names),
            await world.tokens(EXPECTED_RATE * seconds // len(names)),
            world.body,
        )
        for name in names
    ]
    return await wrk.run(loads, seconds, expect=CREATED)


async def through_gateway(world: Launch, seconds: int) -> wrk.Answered:
    tokens = await world.tokens(EXPECTED_RATE * seconds)
    url = f"{world.topology.gateway_url}/api/v1/orders"
    return await wrk.run([wrk.Load(url, CONNECTIONS, tokens, world.body)], seconds, expect=CREATED)
