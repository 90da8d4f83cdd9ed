"""Looking up the orders of the person at the counter; every look is in the trail, so it is always a POST."""

from typing import Any

from fastapi import APIRouter, Response

from iran import to_ascii_digits
from portal.forms import Form
from portal.gateway import Refused
from portal.language import gettext
from portal.pages.desk.purposes import purposes
from portal.pages.desk.rights import may
from portal.visit import Staff, Visit

router = APIRouter(prefix="/staff")

NATIONAL_CODE_DIGITS = 10
OF_PEOPLE_ONLY = "identity_check"
"""A purpose for which nobody's orders are looked at."""
OVER = ("delivered", "cancelled", "voided", "lapsed")
"""States in which there is nothing to void."""
STEP_AFTER = {
    "settled": "allocated",
    "allocated": "invoiced",
    "invoiced": "plated",
    "plated": "sent_to_dealer",
    "sent_to_dealer": "ready",
    "ready": "delivered",
}


@router.get("/lookup")
async def ask(visit: Staff) -> Response:
    return _page(visit, visit.form().fill({"purpose": "customer_service"}))


@router.post("/lookup")
async def look_up(visit: Staff) -> Response:
    form = visit.form()
    if not form["customer_id"]:
        form.require(gettext("این خانه را پر کنید."), ["sought"])
    if form.is_wrong:
        return _page(visit, form, status=422)
    try:
        found = await visit.post("/staff/desk/lookups", _body(form))
    except Refused as refusal:
        form.refused(refusal, national_code="sought", number="sought")
        return _page(visit, form, status=refusal.status)
    return _page(visit, form, found["items"])


def _body(form: Form) -> dict[str, object]:
    """Ten digits are a national code, everything else is a number of the order; or whose orders."""
    if form["customer_id"]:
        return form.only("customer_id", "purpose")
    sought = to_ascii_digits(form["sought"]).replace("-", "").replace(" ", "")
    by = "national_code" if len(sought) == NATIONAL_CODE_DIGITS and sought.isdecimal() else "number"
    return {by: sought} | form.only("purpose")


def _page(visit: Visit, form: Form, orders: list[Any] | None = None, status: int = 200) -> Response:
    return visit.page(
        "desk_orders/lookup.html",
        status=status,
        form=form,
        orders=orders,
        purposes=_purposes(),
        step_after=STEP_AFTER if may(visit, "deliveries.write") else {},
        may_void=may(visit, "orders.void"),
        may_see_money=may(visit, "ledger.read"),
        over=OVER,
    )


def _purposes() -> list[tuple[str, str]]:
    return [(code, text) for code, text in purposes().items() if code != OF_PEOPLE_ONLY]
