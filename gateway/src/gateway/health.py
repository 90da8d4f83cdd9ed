"""The internal listener: liveness, readiness and metrics, never reachable from the public one."""

from collections.abc import Callable
from functools import partial

from fastapi import FastAPI

from chassis.health import health_router
from gateway.processes import Pool
from gateway.upstreams import Upstreams


def internal_app(upstreams: Upstreams, is_stopping: Callable[[], bool]) -> FastAPI:
    """Unready only when it is about to end: a gateway without services still tells people so."""

    async def accepting() -> str | None:
        return "stopping" if is_stopping() else None

    app = FastAPI(openapi_url=None)
    app.include_router(
        health_router(
            {"listener": accepting},
            {service: partial(_service, pool) for service, pool in upstreams.pools.items()},
        )
    )
    return app


async def _service(pool: Pool) -> str | None:
    return "no process answers" if pool.is_down else None
