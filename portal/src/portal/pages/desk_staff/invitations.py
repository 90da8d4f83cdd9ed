"""Inviting somebody to work here."""

from fastapi import APIRouter, Response

from portal.forms import Form
from portal.gateway import Refused
from portal.language import gettext
from portal.pages.account import words as account
from portal.pages.desk_staff.choosing import dealerships, wanted_roles
from portal.visit import Staff, Visit

router = APIRouter(prefix="/staff/invitations")

PERSON = ("first_name", "last_name", "national_code", "mobile")


@router.get("/new")
async def ask(visit: Staff) -> Response:
    return await _page(visit, visit.form())


@router.post("/new")
async def invite(visit: Staff) -> Response:
    form = visit.form()
    form.require(gettext("این خانه را پر کنید."), PERSON)
    if form.is_wrong:
        return await _page(visit, form, 422)
    body = form.only(*PERSON) | wanted_roles(form)
    try:
        invited = await visit.post("/staff/members/invitations", body, key=form.key)
    except Refused as refusal:
        return await _page(visit, form.refused(refusal), refusal.status)
    if invited["state"] == "awaiting_confirmation":
        sentence = gettext("دعوت نوشته شد؛ سرپرست دیگری باید آن را تأیید کند تا رمز فرستاده شود.")
    else:
        sentence = gettext("دعوت شد؛ رمز به شماره‌ی او پیامک می‌شود.")
    return visit.redirect("/staff/members", sentence)


async def _page(visit: Visit, form: Form, status: int = 200) -> Response:
    return visit.page(
        "desk_staff/invitation.html",
        status=status,
        form=form,
        roles=account.roles(),
        dealerships=await dealerships(visit),
    )
