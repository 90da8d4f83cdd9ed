"""The staff's part of a draw, as tests play it."""

from datetime import UTC, datetime, timedelta

from chassis.testing.eventually import eventually
from nobat.testing.visitor import Json, Visitor


async def in_state(visitor: Visitor, path: str, state: str) -> Json:
    async def look() -> Json:
        return await visitor.get(path)

    return await eventually(look, lambda seen: seen["state"] == state)


async def freeze(manager: Visitor, plan_id: str, *, closed: bool = False) -> None:
    """Closes the plan first, unless that has been done, and waits until its entrants are checked again."""
    if not closed:
        await manager.post(f"/staff/plans/{plan_id}/closure", expected=200)
    await _rechecked(manager, plan_id)
    at = datetime.now(UTC) + timedelta(seconds=3)
    alternative = {"name": "tse", "reading": "the closing index", "at": at.isoformat()}
    recipe = {
        "witnesses_until": at.isoformat(),
        "sources": [{"name": "index", "alternatives": [alternative]}],
        "abort_after": (at + timedelta(days=1)).isoformat(),
    }
    await manager.post(f"/staff/draws/{plan_id}/freeze", recipe, 202)
    await in_state(manager, f"/staff/draws/{plan_id}", "frozen")


async def _rechecked(manager: Visitor, plan_id: str) -> None:
    async def look() -> bool:
        found = await manager.ask("GET", f"/staff/plans/{plan_id}/recheck")
        return found.is_success and found.json()["finished_at"] is not None

    await eventually(look)


async def start(manager: Visitor, admin: Visitor, plan_id: str) -> None:
    """The manager enters the value as soon as it can be known, and proposes; the admin confirms."""
    value = {"value": "2,345,678", "evidence": "the exchange's page"}

    async def enter() -> bool:
        path = f"/staff/draws/{plan_id}/sources/1/alternatives/1"
        return (await manager.ask("PUT", path, value)).is_success

    await eventually(enter, lambda entered: entered)
    await manager.post(f"/staff/draws/{plan_id}/proposal", expected=200)
    alone = await manager.post(f"/staff/draws/{plan_id}/start", expected=403)
    assert alone["code"] == "same_person"
    await admin.post(f"/staff/draws/{plan_id}/start", expected=202)
    await in_state(manager, f"/staff/draws/{plan_id}", "drawn")
