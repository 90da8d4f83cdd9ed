"""The re-encryption of identity as a process that can be killed in the middle: three rows at a time."""

import asyncio
import os

from chassis.keys import reencryption
from chassis.keys.columns import sealed_tables
from chassis.keys.reencryption import Reencryption
from identity.context import Context
from identity.schema import Base
from nobat.parts import PARTS


async def work() -> None:
    reencryption.RUN_SECONDS = 0
    service = PARTS["identity"].build(PARTS["identity"].settings_of(os.environ))
    context = next(part for part in service.provides if isinstance(part, Context))
    slowly = Reencryption(service.database, context.vault.data, sealed_tables(Base.metadata), batch=3)
    while await slowly.run():
        pass
    await service.database.close()


asyncio.run(work())
