"""Registering in steps, with a draft that this browser keeps, and the code that proves the mobile."""

from fastapi import APIRouter, Response

from portal.forms import Form
from portal.gateway import Refused
from portal.language import gettext
from portal.pages.entry.steps import STEPS, Step, body_of, step_of
from portal.pages.entry.tokens import remember_device
from portal.visit import KEPT, KEPT_SECONDS, Visit, Visitor

router = APIRouter()

DRAFT, DRAFT_SECONDS = "draft", 24 * 3600
REGISTRATION, REGISTRATION_SECONDS = "registration", 24 * 3600
PASSWORD = "/register/password"
CODE = "/register/code"
BY_PATH = {step.path: step for step in STEPS}


@router.get("/register")
@router.get("/register/residence")
@router.get("/register/work")
async def step(visit: Visitor) -> Response:
    """A step, as far as it was filled in."""
    asked, draft = BY_PATH[visit.path], _draft(visit)
    if unfinished := _unfinished(draft, before=asked):
        return visit.redirect(unfinished.path)
    form = visit.form().fill(draft)
    if visit.request.query_params.get("check"):
        asked.judge(form)
    return _step_page(visit, asked, form)


@router.post("/register")
@router.post("/register/residence")
@router.post("/register/work")
async def take_step(visit: Visitor) -> Response:
    asked, form = BY_PATH[visit.path], visit.form()
    draft = {**_draft(visit), **{name: form[name] for name in asked.fields}}
    visit.cookies.keep(DRAFT, draft, DRAFT_SECONDS)
    if asked.judge(form).is_wrong:
        return _step_page(visit, asked, form, status=422)
    at = STEPS.index(asked) + 1
    return visit.redirect(STEPS[at].path if at < len(STEPS) else PASSWORD)


@router.get("/register/password")
async def choose_password(visit: Visitor) -> Response:
    if unfinished := _unfinished(_draft(visit)):
        return visit.redirect(unfinished.path)
    return visit.page("entry/choose_password.html", draft=_draft(visit))


@router.post("/register/password")
async def register(visit: Visitor) -> Response:
    """Sends the whole form; an error of an earlier step leads back to it."""
    form, draft = visit.form(), _draft(visit)
    if unfinished := _unfinished(draft):
        return visit.redirect(unfinished.path)
    if not form.agrees("password"):
        return visit.page("entry/choose_password.html", form=form, draft=draft, status=422)
    body = {**body_of(draft), "password": form.typed.get("password", "")}
    try:
        sent = await visit.ask_signed_out("POST", "/registrations", body, key=form.key)
    except Refused as refusal:
        return _refused(visit, form, draft, refusal)
    _await_code(visit, sent)
    return visit.redirect(CODE)


@router.get("/register/code")
async def code(visit: Visitor) -> Response:
    return await _code_page(visit, visit.form())


@router.post("/register/code")
async def activate(visit: Visitor) -> Response:
    form, waiting = visit.form(), visit.cookies.read(REGISTRATION)
    if waiting is None:
        return visit.redirect(STEPS[0].path)
    path = f"/registrations/{waiting['id']}/activation"
    try:
        activated = await visit.ask_signed_out("POST", path, form.only("code"), key=form.key)
    except Refused as refusal:
        return await _code_page(visit, form.beside("code", refusal), refusal.status)
    remember_device(visit, activated)
    login = {"path": "/login", "typed": {"national_code": _draft(visit).get("national_code", "")}}
    visit.cookies.keep(KEPT, login, KEPT_SECONDS)
    visit.cookies.drop(DRAFT)
    visit.cookies.drop(REGISTRATION)
    return visit.redirect("/login", gettext("حساب شما فعال شد. با گذرواژه‌ی خود وارد شوید."))


@router.post("/register/code/again")
async def send_code_again(visit: Visitor) -> Response:
    waiting = visit.cookies.read(REGISTRATION)
    if waiting is None:
        return visit.redirect(STEPS[0].path)
    try:
        sent = await visit.ask_signed_out(
            "POST", f"/registrations/{waiting['id']}/code", key=visit.form().key
        )
    except Refused as refusal:
        return await _code_page(visit, Form().refused(refusal), refusal.status)
    _await_code(visit, sent)
    return visit.redirect(CODE, gettext("کد تازه فرستاده شد."))


async def _code_page(visit: Visit, form: Form, status: int = 200) -> Response:
    waiting = visit.cookies.read(REGISTRATION)
    if waiting is None:
        return visit.redirect(STEPS[0].path)
    try:
        progress = await visit.ask_signed_out("GET", f"/registrations/{waiting['id']}")
    except Refused:
        visit.cookies.drop(REGISTRATION)
        sentence = gettext("زمان این ثبت‌نام گذشته است. نوشته‌های شما هست؛ آن را دوباره بفرستید.")
        return visit.redirect(PASSWORD, sentence, kind="warning")
    return visit.page("entry/code.html", progress=progress, form=form, status=status)


def _refused(visit: Visit, form: Form, draft: dict[str, str], refusal: Refused) -> Response:
    earlier = [field for field in refusal.errors if field in step_of(field).fields]
    if not earlier:
        form.refused(refusal)
        return visit.page("entry/choose_password.html", form=form, draft=draft, status=refusal.status)
    asked = step_of(earlier[0])
    form = Form(typed=dict(draft)).refused(refusal)
    return _step_page(visit, asked, form, status=refusal.status)


def _step_page(visit: Visit, asked: Step, form: Form, status: int = 200) -> Response:
    return visit.page(asked.template, form=form, step=asked, at=STEPS.index(asked) + 1, status=status)


def _await_code(visit: Visit, sent: dict[str, str]) -> None:
    visit.cookies.keep(REGISTRATION, {"id": sent["registration_id"]}, REGISTRATION_SECONDS)


def _draft(visit: Visit) -> dict[str, str]:
    return visit.cookies.read(DRAFT) or {}


def _unfinished(draft: dict[str, str], before: Step | None = None) -> Step | None:
    """The first step, of those before one, that is not right yet."""
    earlier = STEPS[: STEPS.index(before)] if before else STEPS
    return next((one for one in earlier if one.judge(Form(typed=dict(draft))).is_wrong), None)
