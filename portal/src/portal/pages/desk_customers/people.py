"""Finding a person and what may be done about their account; every look is in the trail."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Response

from iran import to_ascii_digits
from portal.forms import Form
from portal.gateway import Refused
from portal.language import gettext
from portal.pages.account import words as account
from portal.pages.desk.purposes import purposes
from portal.pages.desk.rights import is_me, may
from portal.pages.desk_customers import words
from portal.visit import Staff, Visit

router = APIRouter(prefix="/staff/people")

API = "/staff/customers"
NATIONAL_CODE_DIGITS = 10
USUAL = "customer_service"


@router.get("")
async def ask(visit: Staff) -> Response:
    return _search_page(visit, visit.form().fill({"purpose": USUAL}))


@router.post("")
async def find(visit: Staff) -> Response:
    """What is sought never stands in an address."""
    form = visit.form()
    form.require(gettext("این خانه را پر کنید."), ["sought"])
    if form.is_wrong:
        return _search_page(visit, form, status=422)
    try:
        found = await visit.post(f"{API}/search", _sought(form) | form.only("purpose"))
    except Refused as refusal:
        form.refused(refusal, national_code="sought", mobile="sought")
        return _search_page(visit, form, status=refusal.status)
    return _search_page(visit, form, found["items"])


@router.get("/{customer_id}")
async def look(customer_id: UUID, visit: Staff, purpose: str = USUAL) -> Response:
    return await _page(visit, customer_id, visit.form().fill({"purpose": purpose}))


@router.post("/{customer_id}")
async def act(customer_id: UUID, visit: Staff) -> Response:
    """One of ``DEEDS``; what is disclosed is shown once, on the page that answers."""
    form = visit.form()
    if form["deed"] not in DEEDS:
        return await _page(visit, customer_id, form, 422)
    try:
        disclosed = await DEEDS[form["deed"]](visit, f"{API}/{customer_id}", form)
    except Refused as refusal:
        return await _page(visit, customer_id, form.refused(refusal), refusal.status)
    if disclosed:
        return await _page(visit, customer_id, Form().fill({"purpose": form["purpose"]}), disclosed=disclosed)
    return visit.redirect(f"/staff/people/{customer_id}", gettext("انجام شد."))


async def _disclose(visit: Visit, path: str, form: Form) -> Mapping[str, Any]:
    body = form.only("purpose", "reason") | {"fields": form.all_of("fields")}
    fields: Mapping[str, Any] = (await visit.post(f"{path}/disclosure", body))["fields"]
    return fields


async def _disable(visit: Visit, path: str, form: Form) -> None:
    await visit.post(f"{path}/disablement", {"reason": form["why"]})


async def _enable(visit: Visit, path: str, _: Form) -> None:
    await visit.delete(f"{path}/disablement")


DEEDS: Mapping[str, Callable[[Visit, str, Form], Awaitable[Mapping[str, Any] | None]]] = {
    "disclosure": _disclose,
    "disable": _disable,
    "enable": _enable,
}


def _sought(form: Form) -> dict[str, object]:
    """Ten digits are a national code, everything else is a mobile."""
    sought = to_ascii_digits(form["sought"]).replace("-", "").replace(" ", "")
    return {"national_code" if len(sought) == NATIONAL_CODE_DIGITS else "mobile": sought}


def _search_page(visit: Visit, form: Form, people: list[Any] | None = None, status: int = 200) -> Response:
    return visit.page(
        "desk_customers/search.html",
        status=status,
        form=form,
        people=people,
        purposes=list(purposes().items()),
    )


async def _page(
    visit: Visit,
    customer_id: UUID,
    form: Form,
    status: int = 200,
    disclosed: Mapping[str, Any] | None = None,
) -> Response:
    purpose = form["purpose"] if form["purpose"] in purposes() else USUAL
    person = await visit.get(f"{API}/{customer_id}", {"purpose": purpose})
    return visit.page(
        "desk_customers/person.html",
        status=status,
        form=form,
        person=person,
        purposes=list(purposes().items()),
        fields={name: text for name, text in account.fields().items() if name != "password"},
        disclosed=words.disclosed(disclosed or {}),
        reasons=words.reasons(),
        may={name: may(visit, permission) for name, permission in OFFERED.items()},
        is_me=is_me(visit, person["customer_id"]),
    )


OFFERED: Mapping[str, str] = {
    "disclose": "customers.disclose",
    "disable": "customers.disable",
    "read_messages": "messages.read",
    "look_up_orders": "desk.lookup",
}
"""What a page of a person leads to, by the permission that it takes."""
