"""Providers' days that were compared with ours, and having one looked at again."""

from fastapi import APIRouter, Response

from portal.forms import Form
from portal.gateway import Refused
from portal.language import gettext
from portal.pages.desk.paging import next_path
from portal.pages.desk.rights import may
from portal.visit import Staff, Visit
from portal.words import PAYMENT_PROVIDERS

router = APIRouter(prefix="/staff/reconciliations")

API = PLACE = "/staff/reconciliations"


@router.get("")
async def index(visit: Staff) -> Response:
    return await _page(visit)


@router.post("")
async def look_again(visit: Staff) -> Response:
    form = visit.form()
    form.require(gettext("این خانه را پر کنید."), ["provider"])
    day = form.day("day")
    if day is None or form.is_wrong:
        return await _page(visit, 422)
    try:
        await visit.post(API, {"provider": form["provider"], "day": day.isoformat()}, key=form.key)
    except Refused as refusal:
        form.refused(refusal)
        return await _page(visit, refusal.status)
    return visit.redirect(PLACE, gettext("این روز دوباره سنجیده می‌شود."))


async def _page(visit: Visit, status: int = 200) -> Response:
    chosen = Form(typed=dict(visit.request.query_params))
    found = await visit.get(API, chosen.only("provider", "cursor"))
    return visit.page(
        "desk_books/provider_days.html",
        status=status,
        days=found["items"],
        providers=[(name, gettext(text)) for name, text in PAYMENT_PROVIDERS.items()],
        next_path=next_path(PLACE, chosen.typed, found["next_cursor"]),
        may_write=may(visit, "reconciliation.write"),
    )
