"""Inviting who was drawn to pay, and asking for the rest before delivery; the runs that did it."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Response

from portal.forms import Form
from portal.gateway import Refused
from portal.language import gettext
from portal.pages.desk.fields import Field, body_of
from portal.pages.desk.rights import may
from portal.pages.desk_plans.cars import cars_of
from portal.visit import Staff, Visit

router = APIRouter(prefix="/staff/plans/{plan_id}/invitations")

SECONDS = 5
"""After which the page of a run that is not finished looks again."""


@router.get("")
async def index(plan_id: UUID, visit: Staff) -> Response:
    return await _page(visit, plan_id, visit.form())


@router.post("")
async def issue(plan_id: UUID, visit: Staff) -> Response:
    form = visit.form()
    plan = await visit.get(f"/staff/plans/{plan_id}")
    body = body_of(form, _fields(plan))
    if form.is_wrong:
        return await _page(visit, plan_id, form, 422)
    try:
        await visit.post(f"/staff/plans/{plan_id}/invitations", body, key=form.key)
    except Refused as refusal:
        return await _page(visit, plan_id, form.refused(refusal), refusal.status)
    return visit.redirect(f"/staff/plans/{plan_id}/invitations", gettext("دعوت‌نامه‌ها صادر می‌شوند."))


def purposes() -> dict[str, str]:
    return {
        "prepayment": gettext("پیش‌پرداخت برگزیدگان"),
        "principal": gettext("مانده‌ی بها پیش از تحویل"),
    }


def _fields(plan: Mapping[str, Any]) -> tuple[Field, ...]:
    window = gettext("تنها برای مانده‌ی بها")
    return (
        Field("purpose", gettext("برای"), "choice", choices=purposes()),
        Field("offering_id", gettext("خودرو"), "choice", optional=True, choices=cars_of(plan)),
        Field("delivered_from", gettext("تحویل از روز"), "day", window, optional=True),
        Field("delivered_until", gettext("تحویل تا روز"), "day", window, optional=True),
    )


async def _page(visit: Visit, plan_id: UUID, form: Form, status: int = 200) -> Response:
    """Who reads invitations and not the plans of the desk, sees the plan as the public does."""
    reads_plans = may(visit, "plans.read")
    plan = await visit.get(f"/staff/plans/{plan_id}" if reads_plans else f"/plans/{plan_id}")
    runs = (await visit.get(f"/staff/plans/{plan_id}/invitations"))["items"]
    is_running = any(run["finished_at"] is None for run in runs)
    return visit.page(
        "desk_plans/invitations.html",
        status=status,
        form=form,
        plan=plan,
        cars=cars_of(plan),
        runs=runs,
        purposes=purposes(),
        fields=_fields(plan),
        reads_plans=reads_plans,
        may_write=may(visit, "invitations.write"),
        refresh_after=SECONDS if is_running and not form.is_wrong else 0,
    )
