"""The gateway alone: its rate before a service that does nothing, against that service's own rate."""

import sys
from pathlib import Path

from uuid_utils.compat import uuid7

from bench import wrk
from bench.launch import published_keys
from bench.report import Measurement
from chassis.testing.tokens import TestKeys
from nobat.servers.ports import free_port
from nobat.supervisor import Program, Supervisor

CONNECTIONS = 64
PEOPLE = 2000


async def measure(folder: Path, seconds: int, _: int) -> list[Measurement]:
    with published_keys(folder) as (keys, jwks_url):
        service, public, internal = free_port(), free_port(), free_port()
        programs = [
            _nothing(folder, jwks_url, service),
            gateway_before(folder, jwks_url, service, public, internal),
        ]
        tokens = _tokens(folder, keys)
        async with Supervisor(programs):
            own = await _rate(service, tokens, seconds)
            through = await _rate(public, tokens, seconds)
    return [
        Measurement(
            "gateway before a service that does nothing, against that service's own rate",
            through.per_second / own.per_second,
            "×",
            0.4,
            detail=f"{through.per_second:,.0f}/s against {own.per_second:,.0f}/s; token checked in both",
        ),
        Measurement(
            f"its 99th percentile at {CONNECTIONS} connections",
            through.p99_ms,
            "ms",
            detail=f"own {own.p99_ms:.0f} ms",
        ),
    ]


async def _rate(port: int, tokens: Path, seconds: int) -> wrk.Answered:
    load = wrk.Load(f"http://127.0.0.1:{port}/api/v1/messages", CONNECTIONS, tokens)
    await wrk.run([load], 2)
    return await wrk.run([load], seconds)


def _tokens(folder: Path, keys: TestKeys) -> Path:
    file = folder / "tokens"
    file.write_text("".join(f"{keys.token(uuid7(), lifetime=7200)}\n" for _ in range(PEOPLE)))
    return file


def _nothing(folder: Path, jwks_url: str, port: int) -> Program:
    argv = (sys.executable, "-m", "bench.nothing", jwks_url, str(port))
    return Program("nothing", argv, folder / "nothing.log", {}, f"http://127.0.0.1:{port}/livez")


def gateway_before(folder: Path, jwks_url: str, service: int, public: int, internal: int) -> Program:
    """A gateway that takes the program at port ``service`` for every service, without rate limits."""
    upstream = f"http://127.0.0.1:{service}"
    env = {f"{name}_URLS": upstream for name in ("IDENTITY", "SALES", "PAYMENT", "NOTIFY")}
    env |= {
        "JWKS_URL": jwks_url,
        "PORT": str(public),
        "INTERNAL_PORT": str(internal),
        "LIMIT_FACTOR": "0",
        "LOG_LEVEL": "WARNING",
    }
    argv = (sys.executable, "-m", "gateway")
    return Program("gateway", argv, folder / "gateway.log", env, f"http://127.0.0.1:{internal}/livez")
