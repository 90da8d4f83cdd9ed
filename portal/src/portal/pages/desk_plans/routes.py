"""Plans on the desk: written, looked at, published, watched."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Response

from portal.formats import digits
from portal.forms import Form
from portal.gateway import Refused
from portal.language import gettext
from portal.pages.desk.paging import next_path
from portal.pages.desk.rights import may
from portal.pages.desk_plans import dealers, instalments, writing
from portal.pages.desk_plans.dealers import Directory
from portal.pages.desk_plans.labels import label_of
from portal.pages.desk_plans.rules import INQUIRIES
from portal.visit import Staff, Visit
from portal.words import choices

router = APIRouter(prefix="/staff")

MORE = "more"
"""The button that asks for room: for another car, for instalments, or for a car's dealerships."""
DEEDS = ("publication", "pause", "resume", "closure", "archive", "handover")


@router.get("/plans")
async def plans(visit: Staff, cursor: UUID | None = None) -> Response:
    found = await visit.get("/staff/plans", {"cursor": cursor or ""})
    following = next_path("/staff/plans", {}, found["next_cursor"])
    return visit.page("desk_plans/index.html", plans=found["items"], next_path=following)


@router.get("/calendar")
async def calendar(visit: Staff) -> Response:
    """Openings and closings that are to come, by day."""
    found = (await visit.get("/staff/plans"))["items"]
    now = visit.site.clock().isoformat()
    moments = [(plan[name], name, plan) for plan in found for name in ("opens_at", "closes_at")]
    coming = sorted((row for row in moments if row[0] > now), key=lambda row: (row[0], row[1]))
    return visit.page("desk_plans/calendar.html", coming=coming)


@router.get("/plans/new")
async def write(visit: Staff) -> Response:
    form = visit.form().fill({"minimum_age": 18, "max_choices": 1, "pay_hours": 48, "cars": 1})
    form.fill({"cancellation_allowed": "yes", "reassignment_allowed": "yes", "method": "first_come"})
    form.fill({"price_policy": "fixed"})
    form.lists.setdefault("applicant_classes", ["ordinary"])
    return await _editor(visit, form, await dealers.directory(visit))


@router.post("/plans/new")
async def draft(visit: Staff) -> Response:
    form = visit.form()
    known = await dealers.directory(visit)
    body = writing.body_of(form, None, known)
    if MORE in form.typed or form.is_wrong:
        return await _asked_again(visit, form, known)
    try:
        plan = await visit.post("/staff/plans", body, key=form.key)
    except Refused as refusal:
        return await _editor(visit, _refused(form, refusal, known), known, refusal.status)
    return visit.redirect(f"/staff/plans/{plan['plan_id']}", gettext("پیش‌نویس نوشته شد."))


@router.get("/plans/{plan_id}")
async def watch(plan_id: UUID, visit: Staff) -> Response:
    return await _watched(visit, plan_id)


@router.post("/plans/{plan_id}")
async def act(plan_id: UUID, visit: Staff) -> Response:
    """One of ``DEEDS``; every one of them is in the trail."""
    form = visit.form()
    if form["deed"] not in DEEDS:
        return await _watched(visit, plan_id, 422)
    try:
        await visit.post(f"/staff/plans/{plan_id}/{form['deed']}", form.only("to") or None)
    except Refused as refusal:
        return await _watched(visit, plan_id, refusal.status, form.refused(refusal))
    return visit.redirect(f"/staff/plans/{plan_id}", gettext("انجام شد."))


@router.get("/plans/{plan_id}/edit")
async def edit(plan_id: UUID, visit: Staff) -> Response:
    plan = await visit.get(f"/staff/plans/{plan_id}")
    known = await dealers.directory(visit)
    return await _editor(visit, writing.filled(visit.form(), plan, known), known, plan=plan)


@router.post("/plans/{plan_id}/edit")
async def rewrite(plan_id: UUID, visit: Staff) -> Response:
    form = visit.form()
    plan = await visit.get(f"/staff/plans/{plan_id}")
    known = await dealers.directory(visit)
    body = writing.body_of(form, plan, known)
    if MORE in form.typed or form.is_wrong:
        return await _asked_again(visit, form, known, plan)
    try:
        await visit.ask("PUT", f"/staff/plans/{plan_id}", body)
    except Refused as refusal:
        return await _editor(visit, _refused(form, refusal, known), known, refusal.status, plan)
    return visit.redirect(f"/staff/plans/{plan_id}", gettext("پیش‌نویس بازنویسی شد."))


@router.get("/plans/{plan_id}/copy")
async def ask_for_copy(plan_id: UUID, visit: Staff) -> Response:
    plan = await visit.get(f"/staff/plans/{plan_id}")
    return visit.page("desk_plans/copy.html", plan=plan)


@router.post("/plans/{plan_id}/copy")
async def copy(plan_id: UUID, visit: Staff) -> Response:
    form = visit.form()
    plan = await visit.get(f"/staff/plans/{plan_id}")
    body = form.only("circular", "title") | writing.window_of(form)
    if form.is_wrong:
        return visit.page("desk_plans/copy.html", status=422, plan=plan)
    try:
        made = await visit.post(f"/staff/plans/{plan_id}/copy", body, key=form.key)
    except Refused as refusal:
        form = _refused(form, refusal, Directory())
        return visit.page("desk_plans/copy.html", status=refusal.status, form=form, plan=plan)
    return visit.redirect(f"/staff/plans/{made['plan_id']}", gettext("رونوشت پیش‌نویس شد."))


def _refused(form: Form, refusal: Refused, known: Directory) -> Form:
    return form.refused(refusal, **writing.names_of(form, known))


async def _asked_again(
    visit: Visit, form: Form, known: Directory, plan: Mapping[str, Any] | None = None
) -> Response:
    """With room for more, or with what is wrong beside it."""
    if MORE in form.typed:
        form.errors.clear()
        writing.make_room(form, form[MORE])
        return await _editor(visit, form, known, plan=plan)
    return await _editor(visit, form, known, 422, plan)


async def _editor(
    visit: Visit,
    form: Form,
    known: Directory,
    status: int = 200,
    plan: Mapping[str, Any] | None = None,
) -> Response:
    sets = (await visit.get("/staff/rule-sets"))["items"]
    return visit.page(
        "desk_plans/editor.html",
        status=status,
        form=form,
        plan=plan,
        cars=writing.cars_of(form),
        kinds=choices("plan_kind"),
        methods=choices("plan_method"),
        classes=choices("class"),
        until=choices("until"),
        price_policies=choices("price_policy"),
        penalty_kinds=choices("penalty_kind"),
        periods=choices("plan_period"),
        handover=writing.HANDOVER,
        inquiries=[(code, gettext(text)) for code, text in INQUIRIES.items()],
        rule_sets=[(one["rule_set_id"], f"{one['name']} ({digits(one['version'])})") for one in sets],
        instalments=instalments.ROWS,
        dealers=[dealers.rows_at(car) for car in range(writing.cars_of(form))],
        dealerships=known.choices,
    )


async def _watched(visit: Visit, plan_id: UUID, status: int = 200, form: Form | None = None) -> Response:
    """The plan with what the judge says of a draft and, once it is published, how its cars go."""
    plan = await visit.get(f"/staff/plans/{plan_id}")
    faults: list[tuple[str, str]] = []
    if plan["state"] == "draft":
        found = (await visit.get(f"/staff/plans/{plan_id}/preview"))["faults"]
        faults = [(label_of(fault["field"]), fault["message"]) for fault in found]
    quotas = [quota for car in plan["offerings"] for quota in car["quotas"]]
    is_named = any(quota["level"] == "dealership" for quota in quotas)
    return visit.page(
        "desk_plans/plan.html",
        status=status,
        form=form or visit.form(),
        plan=plan,
        faults=faults,
        dealerships=(await dealers.directory(visit)).names if is_named else {},
        parts=_parts(visit),
        handover=[one for one in choices("class") if one[0] in plan["quota_handover"]],
        may_write=may(visit, "plans.write"),
        refresh_after=15 if plan["state"] == "open" else 0,
    )


def _parts(visit: Visit) -> list[tuple[str, str]]:
    """The other pages of a plan that somebody may open."""
    pages = [
        ("prices", gettext("قیمت‌ها"), "plans.read"),
        ("invitations", gettext("دعوت‌نامه‌ها"), "invitations.read"),
        ("buyers", gettext("خریداران طرح"), "plans.read"),
    ]
    return [(path, text) for path, text, permission in pages if may(visit, permission)]
