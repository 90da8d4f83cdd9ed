"""``python -m nobat.seed``: the demonstration, in the databases of a system that runs elsewhere.

The environment is that of identity's processes, with ``SALES_DATABASE_URL`` and ``DEMO_PASSWORD`` added.
"""

import os

import uvloop

import identity.app
import identity.config
import sales.app
import sales.config
from chassis import logging
from chassis.clock import system_clock
from nobat.seed.demo import plant


async def run() -> None:
    identity_service = identity.app.build(identity.config.Settings())
    sales_service = sales.app.build(sales.config.Settings(database_url=os.environ["SALES_DATABASE_URL"]))
    async with identity_service.opened(), sales_service.opened():
        await plant(identity_service, sales_service, password=os.environ["DEMO_PASSWORD"], now=system_clock())


if __name__ == "__main__":
    logging.configure("seed", os.environ.get("LOG_LEVEL", "INFO"))
    uvloop.run(run())
