"""The directory of dealerships with those that left it, and the hours of the head office."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Response

from portal.forms import Form
from portal.gateway import Refused
from portal.language import gettext
from portal.pages.desk.fields import Field, body_of, filled
from portal.pages.desk.rights import may
from portal.pages.desk_dealerships import week
from portal.visit import Staff, Visit
from portal.words import choices

router = APIRouter(prefix="/staff/dealerships")

API = PLACE = "/staff/dealerships"
DEEDS = ("activation", "deactivation")
OFFICE = f"{PLACE}/office"


@router.get("")
async def index(visit: Staff) -> Response:
    """All of them, or those of a province."""
    chosen = Form(typed=dict(visit.request.query_params))
    found = (await visit.get(API))["items"]
    province = chosen["province"]
    return visit.page(
        "desk_dealerships/index.html",
        chosen=chosen,
        dealerships=[one for one in found if province in ("", one["province"])],
        may_write=may(visit, "dealerships.write"),
    )


@router.get("/office")
async def ask_for_hours(visit: Staff) -> Response:
    office = await visit.get("/office-hours")
    form = week.fill(visit.form().fill({"phone": office["phone"]}), office["weekly_hours"])
    return _office_page(visit, form)


@router.post("/office")
async def decide_hours(visit: Staff) -> Response:
    form = visit.form()
    day, hours = form.day("valid_from"), week.week_of(form)
    if day is None or form.is_wrong:
        return _office_page(visit, form, 422)
    try:
        body = form.only("phone") | {"weekly_hours": hours}
        await visit.ask("PUT", f"/staff/office-hours/{day.isoformat()}", body)
    except Refused as refusal:
        return _office_page(visit, form.refused(refusal, **week.names_of(hours)), refusal.status)
    return visit.redirect(PLACE, gettext("ساعت کار دفتر ثبت شد."))


@router.get("/new")
async def ask(visit: Staff) -> Response:
    return _page(visit, visit.form())


@router.post("/new")
async def add(visit: Staff) -> Response:
    form = visit.form()
    body = _body(visit, form)
    if form.is_wrong:
        return _page(visit, form, status=422)
    try:
        await visit.post(API, body, key=form.key)
    except Refused as refusal:
        form.refused(refusal, **week.names_of(body["weekly_hours"]))
        return _page(visit, form, status=refusal.status)
    return visit.redirect(PLACE, gettext("نمایندگی افزوده شد."))


@router.get("/{dealership_id}")
async def edit(dealership_id: UUID, visit: Staff) -> Response:
    one = await _one(visit, dealership_id)
    position = one["position"] or {}
    form = filled(visit.form(), fields(visit), {**one, **position})
    return _page(visit, week.fill(form, one["weekly_hours"]), one)


@router.post("/{dealership_id}")
async def change(dealership_id: UUID, visit: Staff) -> Response:
    """What it says from now on, or one of ``DEEDS``."""
    form, path = visit.form(), f"{API}/{dealership_id}"
    is_deed = form["deed"] in DEEDS
    body = {} if is_deed else _body(visit, form)
    if form.is_wrong:
        return _page(visit, form, await _one(visit, dealership_id), 422)
    try:
        if is_deed:
            await visit.post(f"{path}/{form['deed']}")
        else:
            await visit.ask("PUT", path, body)
    except Refused as refusal:
        form.refused(refusal, **week.names_of(body.get("weekly_hours", {})))
        return _page(visit, form, await _one(visit, dealership_id), refusal.status)
    return visit.redirect(PLACE, gettext("ثبت شد."))


def fields(visit: Visit) -> tuple[Field, ...]:
    return (
        Field("code", gettext("کد")),
        Field("name", gettext("نام")),
        Field("province", gettext("استان"), "choice", choices=dict(visit.provinces)),
        Field("city", gettext("شهر")),
        Field("address", gettext("نشانی")),
        Field("phone", gettext("تلفن")),
        Field("hours", gettext("ساعت کار، برای مردم")),
        Field("latitude", gettext("عرض جغرافیایی"), optional=True),
        Field("longitude", gettext("طول جغرافیایی"), optional=True),
    )


def _body(visit: Visit, form: Form) -> dict[str, Any]:
    return body_of(form, fields(visit)) | {"weekly_hours": week.week_of(form)}


async def _one(visit: Visit, dealership_id: UUID) -> Mapping[str, Any]:
    for one in (await visit.get(API))["items"]:
        if one["dealership_id"] == str(dealership_id):
            found: Mapping[str, Any] = one
            return found
    raise Refused(404, "not_found", "")


def _days() -> list[tuple[str, str]]:
    return [(week.field_of(day), text) for day, text in choices("weekday")]


def _office_page(visit: Visit, form: Form, status: int = 200) -> Response:
    return visit.page("desk_dealerships/office.html", status=status, form=form, days=_days())


def _page(visit: Visit, form: Form, one: Mapping[str, Any] | None = None, status: int = 200) -> Response:
    return visit.page(
        "desk_dealerships/dealership.html",
        status=status,
        form=form,
        dealership=one,
        fields=fields(visit),
        days=_days(),
        may_write=may(visit, "dealerships.write"),
    )
