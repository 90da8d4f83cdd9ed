"""Is the process alive, is it ready; the broker's absence only degrades, since the outbox absorbs it.

Source: Kubernetes, liveness and readiness probes.
"""

from collections.abc import Awaitable, Callable, Mapping

from fastapi import APIRouter, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from sqlalchemy import text

from chassis.database import Database

Check = Callable[[], Awaitable[str | None]]
"""Returns what is wrong, or None; raising counts as wrong."""

OUTBOX_AGE_SECONDS = 10


def health_router(essential: Mapping[str, Check], degrading: Mapping[str, Check]) -> APIRouter:
    """``/livez``, ``/readyz`` (503 when an essential check fails) and ``/metrics``; internal only."""
    router = APIRouter(include_in_schema=False)

    @router.get("/livez")
    async def livez() -> dict[str, str]:
        return {"status": "ok"}

    @router.get("/readyz")
    async def readyz(response: Response) -> dict[str, object]:
        broken = await _findings(essential)
        weak = await _findings(degrading)
        status = "unready" if broken else "degraded" if weak else "ok"
        response.status_code = 503 if broken else 200
        return {"status": status, "findings": {**broken, **weak}}

    @router.get("/metrics")
    async def metrics() -> Response:
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)

    return router


async def _findings(checks: Mapping[str, Check]) -> dict[str, str]:
    findings = {}
    for name, check in checks.items():
        try:
            finding = await check()
        except Exception as error:  # noqa: BLE001 a check that raises is a finding, whatever it raised
            finding = type(error).__name__
        if finding is not None:
            findings[name] = finding
    return findings


def database_check(database: Database) -> Check:
    async def check() -> str | None:
        await database.ping()
        return None

    return check


def outbox_check(database: Database) -> Check:
    """Finds events that wait longer than ``OUTBOX_AGE_SECONDS``: the broker or the relay is down."""

    async def check() -> str | None:
        async with database.transaction() as session:
            age = await session.scalar(
                text("SELECT extract(epoch FROM now() - min(created_at))::float FROM outbox")
            )
        return f"the oldest event waits {age:.0f} s" if age and age > OUTBOX_AGE_SECONDS else None

    return check
