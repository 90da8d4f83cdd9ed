"""``python -m portal``: the pages, until SIGTERM."""

import uvloop

from chassis import logging
from chassis.server import serve, stop_on_signals
from portal.app import opened
from portal.config import Settings


async def run(settings: Settings) -> None:
    stop = stop_on_signals()
    async with opened(settings) as app:
        await serve(app, settings.host, settings.port, stop)


def main() -> None:
    settings = Settings()
    logging.configure("portal", settings.log_level)
    uvloop.run(run(settings))


if __name__ == "__main__":
    main()
