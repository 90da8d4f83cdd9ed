"""Ordering in steps: the cars, the dealership, the summary. Whatever happens meanwhile leads on."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Response

from portal.forms import Form
from portal.gateway import NotAnswering, Refused
from portal.language import gettext
from portal.pages.orders.draft import Draft, offers
from portal.visit import Member, Visit

router = APIRouter()

CONFLICT = 409
CHOICES, DEALERSHIP, SUMMARY, ENDED = "choices", "dealership", "summary", "ended"
STEP_OF_REFUSAL: Mapping[str, str] = {
    "sold_out": CHOICES,
    "colour_required": CHOICES,
    "unknown_colour": CHOICES,
    "unknown_offering": CHOICES,
    "unknown_class": CHOICES,
    "too_many_choices": CHOICES,
    "repeated_choice": CHOICES,
    "dealership_not_offered": DEALERSHIP,
    "unknown_dealership": DEALERSHIP,
    "dealership_in_province": DEALERSHIP,
    "account_known": SUMMARY,
    "one_order_per_plan": ENDED,
    "plan_not_open": ENDED,
    "plan_paused": ENDED,
    "not_eligible": ENDED,
}
"""Where a buyer goes on after a refusal, by the rule or the code; the summary shows any other one."""


@router.get("/plans/{plan_id}/order")
async def choose_cars(plan_id: UUID, visit: Member) -> Response:
    draft = await _draft(visit, plan_id)
    return await _choices(visit, draft) if _is_open(draft) else await _ended(visit, draft)


@router.get("/plans/{plan_id}/order/dealership")
async def choose_dealership(plan_id: UUID, visit: Member) -> Response:
    draft = await _draft(visit, plan_id)
    if not _is_open(draft):
        return await _ended(visit, draft)
    return await _dealership(visit, draft) if draft.check_choices() else await _choices(visit, draft)


@router.get("/plans/{plan_id}/order/summary")
async def look_over(plan_id: UUID, visit: Member) -> Response:
    draft = await _draft(visit, plan_id)
    if not _is_open(draft):
        return await _ended(visit, draft)
    if not draft.check_choices():
        return await _choices(visit, draft)
    return await _summary(visit, draft)


@router.post("/plans/{plan_id}/order/summary")
async def place(plan_id: UUID, visit: Member) -> Response:
    draft = await _draft(visit, plan_id)
    draft.form.require(gettext("برای ثبت، شرایط را بپذیرید."), ["agreed"])
    if draft.form.is_wrong:
        return await _summary(visit, draft)
    try:
        placed = await visit.post("/orders", draft.body, key=draft.form.key)
    except Refused as refusal:
        return await _after_refusal(visit, draft, refusal)
    except NotAnswering:
        draft.form.problem = gettext(
            "پاسخی نرسید. دوباره «ثبت سفارش» را بزنید؛ اگر بار پیش ثبت شده باشد، دوباره ثبت نمی‌شود."
        )
        return await _summary(visit, draft)
    return visit.redirect(f"/orders/{placed['order_id']}/placed")


async def _draft(visit: Visit, plan_id: UUID) -> Draft:
    query = visit.request.query_params
    form = visit.form().fill({name: query[name] for name in query})
    return Draft(await visit.get(f"/plans/{plan_id}"), form)


def _is_open(draft: Draft) -> bool:
    return draft.plan["state"] == "open" and not draft.plan["sold_out"]


async def _after_refusal(visit: Visit, draft: Draft, refusal: Refused) -> Response:
    rule = refusal.members.get("rule", "")
    step = STEP_OF_REFUSAL.get(rule) or STEP_OF_REFUSAL.get(refusal.code, SUMMARY)
    draft.form.refused(refusal)
    draft.form.code = rule or refusal.code
    if refusal.code in {"sold_out", "plan_not_open", "plan_paused"}:
        draft = Draft(await visit.get(f"/plans/{draft.plan['plan_id']}"), draft.form)
        step = step if _is_open(draft) else ENDED
    return await PAGES[step](visit, draft)


async def _choices(visit: Visit, draft: Draft) -> Response:
    found = offers(draft.plan)
    options = [(wish.value, wish.label) for wish in found]
    return _page(visit, draft, CHOICES, offers=found, options=options)


async def _dealership(visit: Visit, draft: Draft) -> Response:
    """With the dealerships of the province that the buyer lives in."""
    province = (await visit.get("/me"))["address"]["province"]
    found = draft.handing_over((await visit.get("/dealerships", {"province": province}))["items"])
    return _page(visit, draft, DEALERSHIP, province=province, dealerships=found)


async def _summary(visit: Visit, draft: Draft) -> Response:
    province = (await visit.get("/me"))["address"]["province"]
    found = (await visit.get("/dealerships", {"province": province}))["items"]
    chosen = next((one for one in found if one["dealership_id"] == draft.form["dealership_id"]), None)
    if chosen is None:
        draft.form.errors["dealership_id"] = gettext("نمایندگی تحویل را انتخاب کنید.")
        return await _dealership(visit, draft)
    return _page(visit, draft, SUMMARY, dealership=chosen)


async def _ended(visit: Visit, draft: Draft) -> Response:
    """Nothing can be ordered here now; an order that is there already is shown the way to."""
    existing = None
    if draft.form.code == "one_order_per_plan":
        orders = (await visit.get("/orders"))["items"]
        existing = next((one for one in orders if one["plan_id"] == draft.plan["plan_id"]), None)
    return _page(visit, draft, ENDED, existing=existing)


def _page(visit: Visit, draft: Draft, step: str, **values: Any) -> Response:
    form: Form = draft.form
    status = CONFLICT if form.problem or step == ENDED else 422 if form.errors else 200
    return visit.page(
        f"orders/placing/{step}.html", status=status, draft=draft, plan=draft.plan, form=form, **values
    )


PAGES = {CHOICES: _choices, DEALERSHIP: _dealership, SUMMARY: _summary, ENDED: _ended}
