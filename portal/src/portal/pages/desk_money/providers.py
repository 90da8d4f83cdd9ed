"""How the payment providers are arranged: their order, fee and bounds, on or off."""

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Response

from portal.forms import Form
from portal.gateway import Refused
from portal.language import gettext
from portal.pages.desk.rights import may
from portal.visit import Staff, Visit

router = APIRouter(prefix="/staff/providers")

PLACE = "/staff/providers"
API = "/staff/payment-providers"
REQUIRED = ("rank", "fee_share")
BOUNDS = ("smallest", "largest", "fee_most")
NUMBERS = (*REQUIRED, "fee_least", *BOUNDS)


@router.get("")
async def index(visit: Staff) -> Response:
    found = await visit.get(API)
    return visit.page(
        "desk_money/providers.html", providers=found["items"], may_write=may(visit, "payment_providers.write")
    )


@router.get("/{provider}")
async def look(provider: str, visit: Staff) -> Response:
    return _page(visit, _filled(visit.form(), await _one(visit, provider)), provider)


@router.post("/{provider}")
async def arrange(provider: str, visit: Staff) -> Response:
    """Refused when somebody else has changed it since the form was opened."""
    form = visit.form()
    body: dict[str, object] = {name: form.whole(name) for name in (*NUMBERS, "version") if form[name]}
    form.require(gettext("این خانه را پر کنید."), REQUIRED)
    if form.is_wrong:
        return _page(visit, form, provider, 422)
    body |= {name: None for name in BOUNDS if not form[name]}
    try:
        await visit.ask("PUT", f"{API}/{provider}", body | {"offered": form["offered"] == "yes"})
    except Refused as refusal:
        return _page(visit, form.refused(refusal), provider, refusal.status)
    return visit.redirect(PLACE, gettext("ثبت شد؛ پرداخت بعدی به همین ترتیب است."))


async def _one(visit: Visit, provider: str) -> Mapping[str, Any]:
    found: list[Mapping[str, Any]] = (await visit.get(API))["items"]
    one = next((row for row in found if row["provider"] == provider), None)
    if one is None:
        raise Refused(404, "not_found", "")
    return one


def _filled(form: Form, one: Mapping[str, Any]) -> Form:
    return form.fill({name: one[name] for name in (*NUMBERS, "version")}).fill(
        {"offered": "yes" if one["offered"] else ""}
    )


def _page(visit: Visit, form: Form, provider: str, status: int = 200) -> Response:
    return visit.page(
        "desk_money/provider.html",
        status=status,
        form=form,
        provider=provider,
        may_write=may(visit, "payment_providers.write"),
    )
