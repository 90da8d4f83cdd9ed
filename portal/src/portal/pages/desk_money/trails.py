"""The trails of the services: who looked at or changed what; looking into them is in them, too."""

from datetime import date, datetime, time, timedelta
from typing import Any

from fastapi import APIRouter, Response

from iran import TEHRAN
from portal.forms import Form
from portal.gateway import Refused
from portal.language import gettext
from portal.pages.account.words import roles
from portal.pages.desk.paging import next_path
from portal.pages.desk_money import trail_links, trail_words
from portal.visit import Staff, Visit

router = APIRouter(prefix="/staff/audit")

PLACE = "/staff/audit"
TRAILS = {
    "identity": "/staff/audit",
    "sales": "/staff/audit/sales",
    "payment": "/staff/audit/payment",
    "notify": "/staff/audit/notify",
}
"""Where each service tells its own."""


@router.get("")
async def read(visit: Staff) -> Response:
    form = Form(typed={"service": "identity", **visit.request.query_params})
    query: dict[str, object] = form.only("actor", "subject", "action", "cursor")
    if since := _day(form, "since"):
        query["since"] = _midnight(since)
    if until := _day(form, "until"):
        query["until"] = _midnight(until + timedelta(days=1))
    if form.is_wrong:
        return _page(visit, form, status=422)
    path = TRAILS.get(form["service"], TRAILS["identity"])
    try:
        found = await visit.get(path, query)
    except Refused as refusal:
        if not refusal.errors:
            raise
        return _page(visit, form.refused(refusal), status=refusal.status)
    return _page(visit, form, found["items"], found["next_cursor"])


def _day(form: Form, name: str) -> date | None:
    return form.day(name) if form[name] else None


def _midnight(day: date) -> str:
    return datetime.combine(day, time(), TEHRAN).isoformat()


def _page(
    visit: Visit,
    form: Form,
    entries: list[Any] | None = None,
    following: str | None = None,
    status: int = 200,
) -> Response:
    services = [
        ("identity", gettext("حساب‌ها")),
        ("sales", gettext("فروش")),
        ("payment", gettext("پرداخت")),
        ("notify", gettext("پیامک")),
    ]
    return visit.page(
        "desk_money/trail.html",
        status=status,
        form=form,
        entries=entries or [],
        next_path=next_path(PLACE, form.typed, following),
        services=services,
        roles=roles(),
        actions=trail_words.actions_of(form["service"]),
        words=trail_words,
        links=trail_links,
    )
