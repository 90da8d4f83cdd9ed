"""Waiting until processes answer."""

import asyncio
import time
from collections.abc import Iterable

from pyreqwest.client import Client
from pyreqwest.exceptions import PyreqwestError

from chassis.http import new_client
from nobat.topology import Process

EVERY_SECONDS = 0.05
OK = 200


class NotReady(Exception):
    """Processes did not become ready in time; the message names them."""


async def wait_until_ready(processes: Iterable[Process], within: float = 180) -> None:
    """Returns when every process says that it is ready; raises ``NotReady``."""
    deadline = time.monotonic() + within
    waiting = list(processes)
    async with new_client(timeout=10) as client:
        while waiting:
            answers = await asyncio.gather(*(_is_ready(client, process.ready) for process in waiting))
            waiting = [process for process, ready in zip(waiting, answers, strict=True) if not ready]
            if waiting and time.monotonic() > deadline:
                raise NotReady("not ready: " + ", ".join(process.name for process in waiting))
            await asyncio.sleep(EVERY_SECONDS if waiting else 0)


async def _is_ready(client: Client, url: str) -> bool:
    try:
        response = await client.get(url).build().send()
    except PyreqwestError:
        return False
    return response.status == OK
