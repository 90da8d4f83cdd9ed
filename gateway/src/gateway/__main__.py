"""``python -m gateway``: the public listener and the internal one, until SIGTERM."""

import asyncio

import uvloop

from chassis import logging
from chassis.server import serve, stop_on_signals
from gateway.app import opened
from gateway.config import Settings
from gateway.health import internal_app
from gateway.serving import allow_open_files, serve_public


async def run(settings: Settings) -> None:
    """On a signal readiness goes first, then the listener, then, when all is answered, the process."""
    stop, leave, ended = stop_on_signals(), asyncio.Event(), asyncio.Event()

    async def public() -> None:
        try:
            await serve_public(gateway, settings, leave, gateway.live.end)
        finally:
            ended.set()

    async def leave_later() -> None:
        await stop.wait()
        await asyncio.sleep(settings.drain_delay)
        leave.set()

    async with opened(settings) as gateway:
        internal = internal_app(gateway.upstreams, stop.is_set)
        leaving = asyncio.create_task(leave_later())
        await asyncio.gather(public(), serve(internal, settings.internal_host, settings.internal_port, ended))
        leaving.cancel()


def main() -> None:
    settings = Settings()
    logging.configure("gateway", settings.log_level)
    allow_open_files()
    uvloop.run(run(settings))


if __name__ == "__main__":
    main()
