"""The public list of plans and each plan's page."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Response

from portal.forms import Form
from portal.gateway import NotAnswering, Refused
from portal.visit import LoggedOut, Visit, Visitor
from portal.words import choices

router = APIRouter()

FILTERS = ("model", "state", "kind", "method")
ORDINARY = "ordinary"
RANKS = {"open": 0, "paused": 1, "published": 2, "closed": 3, "archived": 4}
"""What can be ordered now comes first."""

Plan = Mapping[str, Any]


@router.get("/plans")
async def list_plans(visit: Visitor) -> Response:
    form = asked(visit, FILTERS)
    query = {name: form[name] for name in FILTERS if form[name]}
    try:
        plans = (await visit.get("/plans", query))["items"]
    except Refused as refusal:
        form.refused(refusal)
        plans = []
    plans.sort(key=lambda plan: (RANKS.get(plan["state"], len(RANKS)), plan["opens_at"]))
    return visit.page(
        "plans/index.html",
        shared=True,
        plans=plans,
        form=form,
        filtered=bool(query),
        state=choices("plan_state"),
        kind=choices("plan_kind"),
        method=choices("plan_method"),
    )


@router.get("/plans/{plan_id}")
async def open_plan(plan_id: UUID, visit: Visitor) -> Response:
    plan = await visit.get(f"/plans/{plan_id}")
    form = asked(visit, ("class",)).fill({"class": plan["applicant_classes"][0]})
    eligibility = await eligibility_of(visit, plan, form["class"]) if visit.session else None
    return visit.page("plans/plan.html", plan=plan, form=form, eligibility=eligibility, shared=True)


async def eligibility_of(visit: Visit, plan: Plan, applicant_class: str) -> Any:
    """What the plan's rules say about who is logged in; None when that cannot be told now."""
    try:
        path = f"/plans/{plan['plan_id']}/eligibility"
        return await visit.get(path, {"applicant_class": applicant_class})
    except (Refused, NotAnswering, LoggedOut):
        return None


def asked(visit: Visit, names: tuple[str, ...]) -> Form:
    """A form that is sent as a query: what a page shows can be kept and passed on as its address."""
    query = visit.request.query_params
    return Form(typed={name: value for name in names if (value := query.get(name))})
