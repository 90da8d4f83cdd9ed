"""``python -m SERVICE api | worker | migrate``: the processes that every service has."""

import argparse
import asyncio
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any, TypeVar

import uvloop
from fastapi import FastAPI

from chassis import logging
from chassis.config import ServiceSettings
from chassis.database import migrate
from chassis.health import database_check, health_router
from chassis.messaging import connect
from chassis.server import serve, stop_on_signals
from chassis.service import Service, create_api
from chassis.worker import run_worker

Settings = TypeVar("Settings", bound=ServiceSettings)
Build = Callable[[Settings], Service]


def main(name: str, settings_class: type[Settings], build: Build[Settings], migrations: Path) -> None:
    """Runs the process that the command line names, with the settings of the environment."""
    parser = argparse.ArgumentParser(prog=f"python -m {name}")
    parser.add_argument("process", choices=("api", "worker", "migrate"))
    process = parser.parse_args().process
    settings = settings_class()
    logging.configure(f"{name}.{process}", settings.log_level)
    work: dict[str, Callable[[], Coroutine[Any, Any, None]]] = {
        "api": lambda: _api(settings, build),
        "worker": lambda: _worker(settings, build),
        "migrate": lambda: migrate(settings.database_url, migrations),
    }
    uvloop.run(work[process]())


async def _api(settings: Settings, build: Build[Settings]) -> None:
    stop = stop_on_signals()
    async with build(settings).opened() as service:
        await serve(create_api(service), settings.host, settings.port, stop)


async def _worker(settings: Settings, build: Build[Settings]) -> None:
    stop = stop_on_signals()
    async with build(settings).opened() as service, connect(settings.amqp_url) as transport:
        health = FastAPI(openapi_url=None)
        health.include_router(
            health_router({"database": database_check(service.database)}, {"broker": transport.check})
        )
        await asyncio.gather(
            run_worker(
                service, transport, stop, lease=settings.outbox_lease, retry_delays=settings.retry_delays
            ),
            serve(health, settings.host, settings.port, stop),
        )
