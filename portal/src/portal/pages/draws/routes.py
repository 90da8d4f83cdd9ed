"""The public pages of draws, and the check of one's own entry."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Response

from portal.gateway import NotAnswering, Refused
from portal.visit import LoggedOut, Visit, Visitor

router = APIRouter()

WAY = ("registering", "closed", "frozen", "seeded", "drawn")
SAME_AS = {"freezing": "closed", "aborted": "frozen"}


@router.get("/draws")
async def list_draws(visit: Visitor, cursor: UUID | None = None) -> Response:
    page = await visit.get("/draws", {"cursor": cursor or ""})
    next_path = f"/draws?cursor={page['next_cursor']}" if page["next_cursor"] else ""
    return visit.page("draws/index.html", draws=page["items"], next_path=next_path, shared=True)


@router.get("/draws/{plan_id}")
async def open_draw(plan_id: UUID, visit: Visitor) -> Response:
    draw = await visit.get(f"/draws/{plan_id}")
    at = WAY.index(SAME_AS.get(draw["state"], draw["state"])) + 1
    mine = await _own(visit, plan_id)
    return visit.page("draws/draw.html", draw=draw, at=at, mine=mine, shared=True)


@router.get("/draws/{plan_id}/verification")
async def verify(plan_id: UUID, visit: Visitor) -> Response:
    """The fields are filled in for who is logged in and has entered; nothing of it is sent anywhere."""
    draw = await visit.get(f"/draws/{plan_id}")
    return visit.page("draws/verification.html", draw=draw, mine=await _own(visit, plan_id), shared=True)


async def _own(visit: Visit, plan_id: UUID) -> Any:
    """The visitor's order in this plan with its receipt; None without one."""
    if visit.session is None:
        return None
    try:
        orders = (await visit.get("/orders"))["items"]
        found = next((one for one in orders if one["plan_id"] == str(plan_id)), None)
        opened = await visit.get(f"/orders/{found['order_id']}") if found else None
    except (Refused, NotAnswering, LoggedOut):
        return None
    return opened if opened and opened["draw"] else None
