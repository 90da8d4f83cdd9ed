"""``python -m nobat.seed``: the demonstration, for services that run elsewhere.

Told by the environment as identity is, with sales' database in ``SALES_DATABASE_URL``, its data key in
``SALES_DATA_KEYS`` and the password of the staff in ``DEMO_PASSWORD``.
"""

import asyncio
import os

import identity.app
import identity.config
import sales.app
import sales.config
from chassis import logging
from chassis.clock import system_clock
from nobat.seed.demo import plant


async def main() -> None:
    owner_of_accounts = identity.app.build(identity.config.Settings())
    owner_of_plans = sales.app.build(
        sales.config.Settings(
            database_url=os.environ["SALES_DATABASE_URL"], data_keys=os.environ["SALES_DATA_KEYS"]
        )
    )
    async with owner_of_accounts.opened(), owner_of_plans.opened():
        await plant(
            owner_of_accounts, owner_of_plans, password=os.environ["DEMO_PASSWORD"], now=system_clock()
        )


if __name__ == "__main__":
    logging.configure("nobat.seed")
    asyncio.run(main())
