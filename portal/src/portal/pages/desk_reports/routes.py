"""The reports: what each counts, chosen by plan and days, shown and taken along as a file."""

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter, Response

from iran import TEHRAN
from portal.formats import digits
from portal.forms import Form
from portal.gateway import Refused
from portal.pages.desk.rights import may
from portal.pages.desk_reports import words
from portal.visit import Staff, Visit

router = APIRouter(prefix="/staff/reports")

API = "/staff/reports"
CHOSEN_BY: Mapping[str, tuple[str, ...]] = {
    "orders": ("plan_id", "since", "until", "by"),
    "capacity": ("plan_id",),
    "complaints": (),
}
"""The reports, and by what each is narrowed."""
GROUPS = ("plan", "state", "day", "dealership", "class", "car")
FORMATS = ("csv", "xlsx")
EVERY_ORDER = ("plan_id", "since", "until")


@router.get("")
async def index(visit: Staff) -> Response:
    return await _page(visit, "orders")


@router.get("/every-order")
async def every_order(visit: Staff) -> Response:
    """Row by row, without anything of the buyers."""
    chosen = _chosen(visit)
    return await visit.download(f"{API}/orders/export", _query(chosen, EVERY_ORDER) | chosen.only("format"))


@router.get("/deposits")
async def deposits(visit: Staff) -> Response:
    """Of one plan: how many who ordered have a deposit that their bank keeps blocked."""
    chosen = _chosen(visit)
    plans = await _plans(visit)
    found: Mapping[str, Any] | None = None
    if chosen["plan_id"] in dict(plans):
        found = await visit.get(f"/staff/plans/{chosen['plan_id']}/deposits")
    return visit.page(
        "desk_reports/deposits.html",
        name="deposits",
        chosen=chosen,
        names=words.names(),
        plans=plans,
        found=found,
        may_export=may(visit, "reports.export"),
        may_see_invitations=may(visit, "invitations.read"),
    )


@router.get("/deposits/missing")
async def without_deposit(visit: Staff) -> Response:
    chosen = _chosen(visit)
    path = f"/staff/plans/{chosen['plan_id']}/deposits/missing"
    return await visit.download(path, chosen.only("format"))


@router.get("/{name}")
async def report(name: str, visit: Staff) -> Response:
    if name not in CHOSEN_BY:
        raise Refused(404, "not_found", "")
    return await _page(visit, name)


@router.get("/{name}/file")
async def as_file(name: str, visit: Staff) -> Response:
    if name not in CHOSEN_BY:
        raise Refused(404, "not_found", "")
    chosen = _chosen(visit)
    return await visit.download(f"{API}/{name}", _query(chosen, CHOSEN_BY[name]) | chosen.only("format"))


def _chosen(visit: Visit) -> Form:
    given = visit.request.query_params
    return Form(typed=dict(given), lists={"by": [one for one in given.getlist("by") if one in GROUPS]})


def _query(chosen: Form, names: tuple[str, ...]) -> dict[str, object]:
    """What is wrong with days is said in the form; the last day is one of those that are meant."""
    query: dict[str, object] = chosen.only(*(name for name in names if name == "plan_id"))
    for name, after in (("since", 0), ("until", 1)):
        if name in names and chosen[name] and (day := chosen.day(name)):
            begins = datetime.combine(day + timedelta(days=after), time(), TEHRAN)
            query[name] = begins.isoformat()
    if "by" in names and chosen.all_of("by"):
        query["by"] = chosen.all_of("by")
    return query


async def _plans(visit: Visit) -> list[tuple[str, str]]:
    """Those that the public knows: a draft has no orders to count."""
    found = (await visit.get("/plans"))["items"]
    return [(plan["plan_id"], f"{plan['title']} ({digits(plan['circular'])})") for plan in found]


async def _page(visit: Visit, name: str) -> Response:
    chosen, status = _chosen(visit), 200
    plans = await _plans(visit) if "plan_id" in CHOSEN_BY[name] else []
    query = _query(chosen, CHOSEN_BY[name])
    found: Mapping[str, Any] = {"columns": [], "items": []}
    if not chosen.is_wrong:
        try:
            found = await visit.get(f"{API}/{name}", query)
        except Refused as refusal:
            if not refusal.errors:
                raise
            chosen.refused(refusal, **{"query.plan_id": "plan_id"})
    if chosen.is_wrong:
        status = 422
    kept = [(field, chosen[field]) for field in EVERY_ORDER if chosen[field]]
    kept += [("by", group) for group in chosen.all_of("by")]
    return visit.page(
        "desk_reports/report.html",
        status=status,
        name=name,
        chosen=chosen,
        names=words.names(),
        titles=words.columns(),
        groups=[(group, words.columns()[group]) for group in GROUPS],
        asked=CHOSEN_BY[name],
        plans=plans,
        columns=found["columns"],
        rows=[words.cells(row, found["columns"]) for row in found["items"]],
        kept=urlencode(kept),
        may_export=may(visit, "reports.export"),
    )
