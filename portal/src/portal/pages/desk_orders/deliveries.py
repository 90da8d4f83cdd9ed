"""The way of cars to their buyers, step by step by hand; files of steps are the desk's files."""

from fastapi import APIRouter, Response

from portal.forms import Form
from portal.gateway import Refused
from portal.language import gettext
from portal.visit import Staff, Visit
from portal.words import word

router = APIRouter(prefix="/staff/deliveries")

STEPS = ("allocated", "invoiced", "plated", "sent_to_dealer", "ready", "delivered")
DETAILS = ("contract_number", "step", "vin", "invoice_number", "plate")


@router.get("/steps")
async def ask_for_step(visit: Staff) -> Response:
    return _step_page(visit, visit.form())


@router.post("/steps")
async def take_step(visit: Staff) -> Response:
    """``fill`` comes from an order that was looked up: the form is shown with what is known."""
    form = visit.form()
    if form["fill"]:
        return _step_page(visit, form)
    body = form.only(*DETAILS) | _day(form)
    if form.is_wrong:
        return _step_page(visit, form, 422)
    try:
        taken = await visit.post("/staff/deliveries/steps", body, key=form.key)
    except Refused as refusal:
        form.refused(refusal)
        if missing := refusal.members.get("missing"):
            form.errors[missing] = refusal.sentence
        return _step_page(visit, form, refusal.status)
    return visit.redirect(
        "/staff/deliveries/steps", gettext("ثبت شد:") + " " + word(taken["state"], "order_state")
    )


def _day(form: Form) -> dict[str, str]:
    """The day on which it happened, today when it is not said."""
    day = form.day("on") if form["on"] else None
    return {"on": day.isoformat()} if day else {}


def _step_page(visit: Visit, form: Form, status: int = 200) -> Response:
    steps = [(step, word(step, "order_state")) for step in STEPS]
    return visit.page("desk_orders/step.html", status=status, form=form, steps=steps)
