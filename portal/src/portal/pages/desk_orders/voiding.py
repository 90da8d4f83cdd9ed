"""Voiding the order of who turned out not to be eligible."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Response

from portal.gateway import Refused
from portal.language import gettext
from portal.visit import Staff, Visit

router = APIRouter(prefix="/staff/orders")


@router.get("/{order_id}/voiding")
async def ask(order_id: UUID, visit: Staff) -> Response:
    return await _page(visit, order_id)


@router.post("/{order_id}/voiding")
async def void(order_id: UUID, visit: Staff) -> Response:
    form = visit.form()
    form.require(gettext("این خانه را پر کنید."), ["rule"])
    if form.is_wrong:
        return await _page(visit, order_id, 422)
    try:
        await visit.post(f"/staff/orders/{order_id}/voiding", form.only("rule"), key=form.key)
    except Refused as refusal:
        form.refused(refusal)
        return await _page(visit, order_id, refusal.status)
    return visit.redirect("/staff/lookup", gettext("سفارش باطل شد."))


async def _page(visit: Visit, order_id: UUID, status: int = 200) -> Response:
    """With the rules that were found not to be satisfied, the last check first."""
    checks: list[Any] = (await visit.get(f"/staff/orders/{order_id}/checks"))["items"]
    verdicts = [verdict for check in reversed(checks) for verdict in check["verdicts"]]
    failed = dict.fromkeys(verdict["rule"] for verdict in verdicts if verdict["verdict"] == "fail")
    rules = [(rule, rule) for rule in failed]
    return visit.page("desk_orders/voiding.html", status=status, checks=checks, rules=rules)
