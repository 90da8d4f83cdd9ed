"""Changing the password and the mobile."""

from fastapi import APIRouter, Response

from portal.forms import Form
from portal.gateway import Refused
from portal.language import gettext
from portal.visit import Member, Visit

router = APIRouter()

MOBILE, MOBILE_SECONDS = "mobile", 15 * 60
OVER = frozenset({"not_found", "code_expired", "code_used"})


@router.get("/account/password")
async def password(visit: Member) -> Response:
    return visit.page("account/password.html")


@router.post("/account/password")
async def change_password(visit: Member) -> Response:
    form = visit.form()
    if not form.agrees("new_password"):
        return visit.page("account/password.html", form=form, status=422)
    body = {name: form.typed.get(name, "") for name in ("current_password", "new_password")}
    try:
        await visit.post("/me/password", body)
    except Refused as refusal:
        return visit.page("account/password.html", form=form.refused(refusal), status=refusal.status)
    return visit.redirect("/account", gettext("گذرواژه عوض شد و نشست‌های دیگر پایان یافت."))


@router.get("/account/mobile")
async def mobile(visit: Member) -> Response:
    return visit.page("account/mobile.html")


@router.post("/account/mobile")
async def ask_for_code(visit: Member) -> Response:
    form = visit.form()
    body = {**form.only("mobile"), "password": form.typed.get("password", "")}
    try:
        sent = await visit.post("/me/mobile", body)
    except Refused as refusal:
        return visit.page("account/mobile.html", form=form.refused(refusal), status=refusal.status)
    kept = {"challenge_id": sent["challenge_id"], "expires_at": sent["expires_at"], "mobile": form["mobile"]}
    visit.cookies.keep(MOBILE, kept, MOBILE_SECONDS)
    return visit.redirect("/account/mobile/code")


@router.get("/account/mobile/code")
async def mobile_code(visit: Member) -> Response:
    return _code_page(visit, visit.form())


@router.post("/account/mobile/code")
async def confirm(visit: Member) -> Response:
    form, waiting = visit.form(), visit.cookies.read(MOBILE)
    if waiting is None:
        return visit.redirect("/account/mobile")
    body = {"challenge_id": waiting["challenge_id"], **form.only("code")}
    try:
        await visit.post("/me/mobile/confirmation", body)
    except Refused as refusal:
        if refusal.code in OVER:
            visit.cookies.drop(MOBILE)
            sentence = gettext("زمان این کد گذشته است؛ کد تازه‌ای بخواهید.")
            return visit.redirect("/account/mobile", sentence, kind="warning")
        return _code_page(visit, form.beside("code", refusal), refusal.status)
    visit.cookies.drop(MOBILE)
    return visit.redirect("/account", gettext("شماره همراه عوض شد."))


def _code_page(visit: Visit, form: Form, status: int = 200) -> Response:
    waiting = visit.cookies.read(MOBILE)
    if waiting is None:
        return visit.redirect("/account/mobile")
    return visit.page("account/mobile_code.html", form=form, waiting=waiting, status=status)
