"""The buyers of a plan as a whole: checked again, and whether their deposits are blocked."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Response

from portal.forms import Form
from portal.gateway import Refused
from portal.language import gettext
from portal.pages.desk.rights import may
from portal.visit import Staff, Visit

router = APIRouter(prefix="/staff/plans/{plan_id}/buyers")

NONE_YET = 404
SECONDS = 5
"""After which the page of a check that is not finished looks again."""


@router.get("")
async def index(plan_id: UUID, visit: Staff) -> Response:
    return await _page(visit, plan_id)


@router.post("")
async def check_again(plan_id: UUID, visit: Staff) -> Response:
    try:
        await visit.post(f"/staff/plans/{plan_id}/recheck")
    except Refused as refusal:
        visit.form().refused(refusal)
        return await _page(visit, plan_id, refusal.status)
    return visit.redirect(f"/staff/plans/{plan_id}/buyers", gettext("خریداران دوباره بررسی می‌شوند."))


@router.get("/without-deposit")
async def without_deposit(plan_id: UUID, visit: Staff) -> Response:
    chosen = Form(typed=dict(visit.request.query_params))
    return await visit.download(f"/staff/plans/{plan_id}/deposits/missing", chosen.only("format"))


async def _page(visit: Visit, plan_id: UUID, status: int = 200) -> Response:
    """Each part for who may read it."""
    check = await _last_check(visit, plan_id) if may(visit, "rules.read") else None
    deposits = None
    if may(visit, "reports.read"):
        deposits = await visit.get(f"/staff/plans/{plan_id}/deposits")
    is_running = check is not None and check["finished_at"] is None
    return visit.page(
        "desk_plans/buyers.html",
        status=status,
        plan=await visit.get(f"/staff/plans/{plan_id}"),
        check=check,
        deposits=deposits,
        may_check=may(visit, "rechecks.write"),
        may_export=may(visit, "reports.export"),
        refresh_after=SECONDS if is_running else 0,
    )


async def _last_check(visit: Visit, plan_id: UUID) -> Any:
    try:
        return await visit.get(f"/staff/plans/{plan_id}/recheck")
    except Refused as refusal:
        if refusal.status != NONE_YET:
            raise
        return None
