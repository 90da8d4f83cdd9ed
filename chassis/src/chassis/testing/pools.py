"""Pools of connections that outlive the services that open them: tests do not connect and prepare anew."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from unittest.mock import patch

from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from chassis.database import engine


class KeptEngine(AsyncEngine):
    """An engine that stays when its service ends."""

    async def dispose(self, close: bool = True) -> None:
        """Leaves the connections to the next service."""


class Pools:
    """The pools of the addresses that ``keep`` was told; every other service opens its own."""

    def __init__(self) -> None:
        self._engines: dict[str, dict[str, KeptEngine]] = {}

    def keep(self, url: str) -> str:
        """From now on, services at this address share a pool for each way of configuring one."""
        self._engines.setdefault(url, {})
        return url

    def engine(self, url: str, **options: Any) -> AsyncEngine:
        if url not in self._engines:
            return create_async_engine(url, **options)
        kept, key = self._engines[url], repr(sorted(options.items()))
        if key not in kept:
            kept[key] = KeptEngine(create_async_engine(url, **options).sync_engine)
        return kept[key]

    async def close(self) -> None:
        for kept in self._engines.values():
            for one in kept.values():
                await AsyncEngine.dispose(one)


@asynccontextmanager
async def kept_pools() -> AsyncIterator[Pools]:
    """While it lasts, a ``Database`` takes its engine from these pools."""
    pools = Pools()
    with patch.object(engine, "create_async_engine", pools.engine):
        yield pools
    await pools.close()
