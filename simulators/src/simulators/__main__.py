"""`python -m simulators`: serve every simulator on one port."""

import uvicorn

from simulators.app import create_app
from simulators.settings import Settings

IDLE_SECONDS = 75
"""Longer than its clients keep a connection, so that none is closed under a request."""


def main() -> None:
    """Access logs stay off: protocols carry keys, mobiles and national codes in the URL."""
    settings = Settings()
    uvicorn.run(
        create_app(settings),
        host=settings.host,
        port=settings.port,
        access_log=False,
        timeout_keep_alive=IDLE_SECONDS,
        timeout_graceful_shutdown=1,
    )


if __name__ == "__main__":
    main()
