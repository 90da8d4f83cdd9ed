"""Load by ``wrk``: one process per target, each with requests of its own."""

import asyncio
import json
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

SCRIPT = Path(__file__).with_name("wrk.lua")


@dataclass(frozen=True)
class Load:
    """Requests to one address; ``tokens`` and ``body`` are files, a token is used by one request."""

    url: str
    connections: int
    tokens: Path | None = None
    body: Path | None = None


@dataclass(frozen=True)
class Answered:
    """Of all targets together: per second, other than the expected status, 99th percentile in ms."""

    per_second: float
    refused: int
    p99_ms: float


async def run(loads: Sequence[Load], seconds: int, *, expect: int = 200) -> Answered:
    """Runs all loads at once for that long."""
    runs = await asyncio.gather(*(_run(load, seconds, expect) for load in loads))
    return Answered(
        sum(run["requests"] / run["seconds"] for run in runs),
        sum(int(run["refused"]) for run in runs),
        max(run["p99_ms"] for run in runs),
    )


async def _run(load: Load, seconds: int, expect: int) -> dict[str, float]:
    program = shutil.which("wrk")
    if program is None:
        raise SystemExit("wrk is needed (Debian, Ubuntu: apt-get install wrk)")
    process = await asyncio.create_subprocess_exec(
        *(program, "-t1", f"-c{load.connections}", f"-d{seconds}s", "--timeout", "10s", "-s", str(SCRIPT)),
        *(load.url, "--", str(expect), str(load.tokens or ""), str(load.body or "")),
        stdout=asyncio.subprocess.PIPE,
    )
    output, _ = await process.communicate()
    found: dict[str, float] = json.loads(output.decode().splitlines()[-1])
    return found
