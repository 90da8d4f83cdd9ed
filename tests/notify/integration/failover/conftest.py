"""Notify with all five providers connected."""

from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from sqlalchemy import text

from notify.config import Settings

NAMES = ("kavenegar", "smsir", "ghasedak", "melipayamak", "ippanel")
Arm = Callable[..., Awaitable[None]]


@pytest.fixture
def settings(settings: Settings, simulator) -> Settings:
    urls = {f"{name}_base_url": f"{simulator.url}/{name}" for name in NAMES[1:]}
    keys = {f"{name}_api_key": f"{name}-api-key" for name in ("smsir", "ghasedak", "ippanel")}
    lines = {"smsir_line": "30007732000000", "ghasedak_line": "210002100", "ippanel_line": "+983000505"}
    account = {
        "melipayamak_username": "nobat",
        "melipayamak_password": "melipayamak-password",
        "melipayamak_line": "50004001000000",
    }
    return settings.model_copy(update={**urls, **keys, **lines, **account})


@pytest.fixture
async def arm(simulator) -> AsyncIterator[Arm]:
    """``arm("kavenegar", "unavailable")``: whatever that provider is asked, until it is disarmed."""

    async def arm(provider: str, *kinds: str, operations: tuple[str, ...] = ("send", "ask")) -> None:
        faults = [
            {"kind": kind, "operation": operation, "times": None}
            for kind in kinds
            for operation in operations
        ]
        answer = await simulator.http.put(f"/sms/faults/providers/{provider}", json=faults)
        answer.raise_for_status()

    yield arm
    await simulator.http.delete("/sms/faults")
    for name in NAMES:
        await simulator.http.put(f"/sms/credit/{name}", json={"credit": 10_000_000_000})


@pytest.fixture
def ordered(notify) -> Callable[..., Awaitable[None]]:
    """``ordered("code", "smsir", "ghasedak")``: the order of a route, as the service knows it at once."""

    async def ordered(route: str, *providers: str) -> None:
        async with notify.database.transaction() as session:
            await session.execute(text("DELETE FROM sms_routes WHERE route = :route"), {"route": route})
            for position, provider in enumerate(providers):
                row = {"route": route, "position": position, "provider": provider}
                await session.execute(
                    text("INSERT INTO sms_routes VALUES (:route, :position, :provider)"), row
                )
        for sender in notify.senders.values():
            sender._courier._failover._known_until = 0

    return ordered


@pytest.fixture(autouse=True)
async def usual_order(notify, ordered) -> AsyncIterator[None]:
    """The other tests find the routes as they were."""
    yield
    for route in ("code", "transactional", "bulk"):
        await ordered(route, "kavenegar", "ghasedak", "smsir", "ippanel", "melipayamak")
    await ordered("voice", "kavenegar", "ippanel", "ghasedak")
