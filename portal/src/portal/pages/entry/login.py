"""Logging in: with the password, with a code, and the second factor; logging out."""

from contextlib import suppress
from typing import Any

from fastapi import APIRouter, Response

from portal.forms import Form
from portal.gateway import Refused
from portal.language import gettext
from portal.pages.entry.tokens import ENTRY, go_on, known_device
from portal.visit import LoggedOut, Visit, Visitor

router = APIRouter()

OVER = frozenset({"not_found", "code_expired", "code_used"})
"""With these a challenge has ended; another login begins a new one."""


@router.get("/login")
async def login(visit: Visitor, next: str = "") -> Response:  # noqa: A002 the query's name
    return visit.page("entry/login.html", next=next)


@router.post("/login")
async def log_in(visit: Visitor, next: str = "") -> Response:  # noqa: A002 the query's name
    form = visit.form()
    body = {**form.only("national_code"), "password": form.typed.get("password", ""), **known_device(visit)}
    try:
        answer = await visit.ask_signed_out("POST", "/sessions", body)
    except Refused as refusal:
        return visit.page("entry/login.html", form=form.refused(refusal), next=next, status=refusal.status)
    return await go_on(visit, answer, next=next)


@router.get("/login/code")
async def code_login(visit: Visitor, next: str = "") -> Response:  # noqa: A002 the query's name
    return visit.page("entry/code_login.html", next=next)


@router.post("/login/code")
async def send_code(visit: Visitor, next: str = "") -> Response:  # noqa: A002 the query's name
    form = visit.form()
    who = form.only("national_code", "mobile")
    try:
        answer = await visit.ask_signed_out("POST", "/sessions/code", who)
    except Refused as refusal:
        page = "entry/code_login.html"
        return visit.page(page, form=form.refused(refusal), next=next, status=refusal.status)
    return await go_on(visit, answer, next=next, **{k: str(v) for k, v in who.items()})


@router.get("/login/challenge")
async def challenge(visit: Visitor) -> Response:
    entry = visit.cookies.read(ENTRY)
    return _challenge_page(visit, entry, visit.form()) if entry else visit.redirect("/login")


@router.post("/login/challenge")
async def answer_challenge(visit: Visitor) -> Response:
    entry, form = visit.cookies.read(ENTRY), visit.form()
    if entry is None:
        return visit.redirect("/login")
    body = {**form.only("code"), **known_device(visit)}
    try:
        answer = await visit.ask_signed_out("POST", f"/challenges/{entry['challenge_id']}", body)
    except Refused as refusal:
        if refusal.code in OVER:
            visit.cookies.drop(ENTRY)
            return visit.redirect(
                "/login", gettext("زمان این کد گذشته است؛ از نو وارد شوید."), kind="warning"
            )
        return _challenge_page(visit, entry, form.beside("code", refusal), refusal.status)
    return await go_on(visit, answer, next=entry.get("next", ""))


@router.post("/login/challenge/code")
async def send_code_again(visit: Visitor) -> Response:
    entry = visit.cookies.read(ENTRY)
    if entry is None or "mobile" not in entry:
        return visit.redirect("/login")
    who = {name: entry[name] for name in ("national_code", "mobile")}
    try:
        answer = await visit.ask_signed_out("POST", "/sessions/code", who)
    except Refused as refusal:
        return _challenge_page(visit, entry, Form().refused(refusal), refusal.status)
    visit.notify(gettext("کد تازه فرستاده شد."))
    return await go_on(visit, answer, next=entry.get("next", ""), **who)


@router.post("/logout")
async def log_out(visit: Visitor) -> Response:
    if visit.session is not None:
        with suppress(LoggedOut, Refused):  # it is over already
            await visit.delete("/sessions/current")
        visit.end_session()
    return visit.redirect("/", gettext("از حساب خود خارج شدید."))


def _challenge_page(visit: Visit, entry: dict[str, Any], form: Form, status: int = 200) -> Response:
    return visit.page("entry/challenge.html", entry=entry, form=form, status=status)
