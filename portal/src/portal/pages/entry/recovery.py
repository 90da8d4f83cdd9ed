"""A new password for who has forgotten the old one."""

from fastapi import APIRouter, Response

from portal.forms import Form
from portal.gateway import Json, Refused
from portal.language import gettext
from portal.visit import Visit, Visitor

router = APIRouter()

RESET, RESET_SECONDS = "reset", 15 * 60
OVER = frozenset({"not_found", "reset_ended", "code_used"})


@router.get("/recover")
async def recover(visit: Visitor) -> Response:
    return visit.page("entry/recover.html")


@router.post("/recover")
async def send_code(visit: Visitor) -> Response:
    form = visit.form()
    who = form.only("national_code", "mobile")
    try:
        sent = await visit.ask_signed_out("POST", "/password-resets", who, key=form.key)
    except Refused as refusal:
        return visit.page("entry/recover.html", form=form.refused(refusal), status=refusal.status)
    _keep(visit, sent)
    return visit.redirect("/recover/password")


@router.get("/recover/password")
async def new_password(visit: Visitor) -> Response:
    return _page(visit, visit.form())


@router.post("/recover/password")
async def set_password(visit: Visitor) -> Response:
    reset, form = visit.cookies.read(RESET), visit.form()
    if reset is None:
        return visit.redirect("/recover")
    if not form.agrees("new_password"):
        return _page(visit, form, 422)
    body = {**form.only("code", "authenticator_code"), "new_password": form.typed.get("new_password", "")}
    try:
        await visit.ask_signed_out("POST", f"/password-resets/{reset['id']}", body)
    except Refused as refusal:
        return _refused(visit, form, refusal)
    visit.cookies.drop(RESET)
    visit.end_session()
    return visit.redirect("/login", gettext("گذرواژه‌ی تازه ثبت شد. با آن وارد شوید."))


@router.post("/recover/code")
async def send_code_again(visit: Visitor) -> Response:
    reset = visit.cookies.read(RESET)
    if reset is None:
        return visit.redirect("/recover")
    try:
        sent = await visit.ask_signed_out(
            "POST", f"/password-resets/{reset['id']}/code", key=visit.form().key
        )
    except Refused as refusal:
        return _page(visit, Form().refused(refusal), refusal.status)
    _keep(visit, sent)
    return visit.redirect("/recover/password", gettext("کد تازه فرستاده شد."))


def _refused(visit: Visit, form: Form, refusal: Refused) -> Response:
    if refusal.code in OVER:
        visit.cookies.drop(RESET)
        return visit.redirect(
            "/recover", gettext("زمان این کد گذشته است؛ کد تازه‌ای بخواهید."), kind="warning"
        )
    if refusal.code == "authenticator_code_needed":
        form.refused(refusal)
        return _page(visit, form, refusal.status, needs_app=True)
    return _page(visit, form.beside("code", refusal), refusal.status)


def _page(visit: Visit, form: Form, status: int = 200, *, needs_app: bool = False) -> Response:
    reset = visit.cookies.read(RESET)
    if reset is None:
        return visit.redirect("/recover")
    needs_app = needs_app or "authenticator_code" in form.typed
    page = "entry/new_password.html"
    return visit.page(page, form=form, reset=reset, needs_app=needs_app, status=status)


def _keep(visit: Visit, sent: Json) -> None:
    resend_at = visit.site.clock().timestamp() + sent["resend_after"]
    kept = {"id": sent["reset_id"], "expires_at": sent["expires_at"], "resend_at": resend_at}
    visit.cookies.keep(RESET, kept, RESET_SECONDS)
