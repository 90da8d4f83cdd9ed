"""The authenticator app: setting it up, its recovery codes, taking it away."""

from fastapi import APIRouter, Response

from portal.forms import Form
from portal.gateway import Json, Refused
from portal.language import gettext
from portal.pages.account.qr import picture_of
from portal.visit import Member, Visit

router = APIRouter()

PATH = "/account/second-factor"
APP, APP_SECONDS = "authenticator", 15 * 60


@router.get(PATH)
async def second_factor(visit: Member) -> Response:
    return await _page(visit, visit.form())


@router.post(PATH)
async def begin(visit: Member) -> Response:
    form = visit.form()
    body = {"password": form.typed["password"]} if form.typed.get("password") else None
    try:
        pending = await visit.post("/me/authenticator", body)
    except Refused as refusal:
        return await _page(visit, form.refused(refusal), refusal.status, asks_password=True)
    visit.cookies.keep(APP, pending, APP_SECONDS)
    return visit.redirect(f"{PATH}/confirmation")


@router.get(f"{PATH}/confirmation")
async def secret(visit: Member) -> Response:
    return _confirmation_page(visit, visit.form())


@router.post(f"{PATH}/confirmation")
async def confirm(visit: Member) -> Response:
    form = visit.form()
    try:
        codes = await visit.post("/me/authenticator/confirmation", form.only("code"))
    except Refused as refusal:
        return _confirmation_page(visit, form.beside("code", refusal), refusal.status)
    visit.cookies.drop(APP)
    if visit.session is not None and visit.session.enrolling:
        await visit.renew_session()
    return _codes_page(visit, codes)


@router.post(f"{PATH}/recovery-codes")
async def renew_codes(visit: Member) -> Response:
    form = visit.form()
    try:
        codes = await visit.post("/me/authenticator/recovery-codes", form.only("code"))
    except Refused as refusal:
        return await _page(visit, form.beside("code", refusal), refusal.status)
    return _codes_page(visit, codes)


@router.post(f"{PATH}/removal")
async def remove(visit: Member) -> Response:
    form = visit.form()
    body = {**form.only("code"), "password": form.typed.get("password", "")}
    try:
        await visit.ask("DELETE", "/me/authenticator", body)
    except Refused as refusal:
        return await _page(visit, form.refused(refusal), refusal.status)
    return visit.redirect("/account", gettext("برنامه‌ی رمزساز برداشته شد."))


async def _page(visit: Visit, form: Form, status: int = 200, *, asks_password: bool = False) -> Response:
    state = await visit.get("/me/authenticator")
    page = "account/second_factor.html"
    return visit.page(page, form=form, state=state, asks_password=asks_password, status=status)


def _confirmation_page(visit: Visit, form: Form, status: int = 200) -> Response:
    pending = visit.cookies.read(APP)
    if pending is None:
        return visit.redirect(PATH)
    picture = picture_of(pending["otpauth_uri"])
    page = "account/authenticator.html"
    return visit.page(page, form=form, pending=pending, picture=picture, status=status)


def _codes_page(visit: Visit, codes: Json) -> Response:
    """Shown this once, so there is no page to come back to."""
    return visit.page("account/recovery_codes.html", codes=codes["recovery_codes"])
