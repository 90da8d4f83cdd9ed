"""How the process ends: readiness first, then the listener, then, when all is answered, the rest."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator

import httpx
import pytest
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from chassis.testing.eventually import eventually
from gateway.__main__ import run
from gateway.config import Settings
from gateway.testing import Services, free_port, until_listening


@pytest.fixture
async def settings(services: Services) -> AsyncIterator[Settings]:
    ports = {"port": free_port(), "internal_port": free_port()}
    yield Settings.model_validate({**services.urls, **ports, "jwks_url": "", "drain_delay": 0.05})
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().remove_signal_handler(number)


async def test_a_request_in_hand_is_answered_before_the_process_ends(
    settings: Settings, services: Services
) -> None:
    entered, leave = asyncio.Event(), asyncio.Event()

    async def wait(_: Request) -> Response:
        entered.set()
        await leave.wait()
        return JSONResponse({"done": True})

    services.sales.handler = wait
    process = asyncio.create_task(run(settings))
    await until_listening(settings.port)
    await until_listening(settings.internal_port)
    async with httpx.AsyncClient() as client:

        async def ready() -> int:
            answer = await client.get(f"http://127.0.0.1:{settings.internal_port}/readyz")
            return answer.status_code

        assert await ready() == 200
        in_hand = asyncio.create_task(client.get(f"http://127.0.0.1:{settings.port}/api/v1/plans"))
        await entered.wait()
        os.kill(os.getpid(), signal.SIGTERM)
        await eventually(ready, until=lambda status: status == 503)
        assert not in_hand.done()
        leave.set()
        assert (await in_hand).json() == {"done": True}
    await asyncio.wait_for(process, 15)
