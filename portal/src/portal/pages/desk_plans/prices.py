"""What the cars of a published plan cost, from which day on."""

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

router = APIRouter(prefix="/staff/plans/{plan_id}/prices")


@router.get("")
async def index(plan_id: UUID, visit: Staff) -> Response:
    return await _page(visit, plan_id, visit.form())


@router.post("")
async def decide(plan_id: UUID, visit: Staff) -> Response:
    form = visit.form()
    plan = await visit.get(f"/staff/plans/{plan_id}")
    body = body_of(form, _fields(plan))
    if form.is_wrong:
        return await _page(visit, plan_id, form, 422)
    try:
        await visit.post(f"/staff/plans/{plan_id}/prices", body, key=form.key)
    except Refused as refusal:
        return await _page(visit, plan_id, form.refused(refusal), refusal.status)
    return visit.redirect(f"/staff/plans/{plan_id}/prices", gettext("بهای تازه ثبت شد."))


def _fields(plan: Mapping[str, Any]) -> tuple[Field, ...]:
    return (
        Field("offering_id", gettext("خودرو"), "choice", choices=cars_of(plan)),
        Field("valid_from", gettext("از روز"), "day", gettext("مانند ۱۴۰۶/۰۱/۱۵")),
        Field("price", gettext("بها (ریال)"), "rial"),
        Field("prepayment", gettext("پیش‌پرداخت (ریال)"), "rial"),
    )


async def _page(visit: Visit, plan_id: UUID, form: Form, status: int = 200) -> Response:
    plan = await visit.get(f"/staff/plans/{plan_id}")
    return visit.page(
        "desk_plans/prices.html",
        status=status,
        form=form,
        plan=plan,
        cars=cars_of(plan),
        prices=(await visit.get(f"/staff/plans/{plan_id}/prices"))["items"],
        fields=_fields(plan),
        may_write=may(visit, "plans.write"),
    )
