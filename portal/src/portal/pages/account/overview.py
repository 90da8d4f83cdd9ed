"""The account as it is, and changing it: what is free at once, what waits for approval."""

from datetime import date
from typing import Any

from fastapi import APIRouter, Response

from iran import to_ascii_digits
from iran.invalid import Invalid
from portal.formats import digits, jalali_typed
from portal.forms import Form
from portal.gateway import Json, Refused
from portal.language import gettext
from portal.pages.account import words
from portal.pages.entry.steps import day_typed, sentence_of
from portal.visit import Member, Visit

router = APIRouter()

PLAIN = (
    "first_name",
    "last_name",
    "father_name",
    "birth_date",
    "birth_certificate_number",
    "gender",
    "education",
    "occupation",
    "email",
)
ADDRESS = ("province", "city", "street", "postal_code", "phone")


@router.get("/account")
async def account(visit: Member) -> Response:
    me = await visit.get("/me")
    changes = (await visit.get("/me/changes"))["items"]
    inquiries = (await visit.get("/me/inquiries"))["items"]
    named: dict[str, Any] = {
        "names": words.fields(),
        "states": words.states(),
        "results": words.results(),
        "inquiry_names": words.inquiries(),
    }
    return visit.page("account/overview.html", me=me, changes=changes, inquiries=inquiries, **named)


@router.get("/account/edit")
async def edit(visit: Member) -> Response:
    return await _edit_page(visit, visit.form())


@router.post("/account/edit")
async def take_edit(visit: Member) -> Response:
    """Sends what differs from what is there, so that nobody asks for approval of nothing."""
    form = visit.form()
    me = await visit.get("/me")
    body = _differences(form, me)
    if form.errors:
        return await _edit_page(visit, form, 422)
    if not body:
        return visit.redirect("/account", gettext("چیزی عوض نشده بود."), kind="info")
    try:
        edited = await visit.ask("PATCH", "/me", body, headers={"if-match": form["version"]})
    except Refused as refusal:
        return await _edit_page(visit, form.refused(refusal), refusal.status)
    if {"first_name", "last_name"} & set(edited["applied"]):
        visit.rename(f"{form['first_name']} {form['last_name']}")
    return visit.redirect("/account", _told(edited))


@router.post("/account/changes/{change_id}/withdrawal")
async def withdraw(visit: Member, change_id: str) -> Response:
    await visit.delete(f"/me/changes/{change_id}")
    return visit.redirect("/account", gettext("درخواست پس گرفته شد."))


async def _edit_page(visit: Visit, form: Form, status: int = 200) -> Response:
    me = await visit.get("/me")
    handling = {row["field"]: row["handling"] for row in (await visit.get("/me/fields"))["items"]}
    form.fill(_typed(me))
    return visit.page(
        "account/edit.html", form=form, me=me, handling=handling, names=words.fields(), status=status
    )


def _typed(me: Json) -> dict[str, str]:
    """The account as its owner would type it."""
    plain = {name: me[name] for name in PLAIN}
    address = {f"address.{name}": me["address"][name] for name in ADDRESS}
    shown = {**plain, **address, "birth_date": jalali_typed(me["birth_date"])}
    return {name: digits(value) for name, value in shown.items()} | {"version": str(me["version"])}


def _differences(form: Form, me: Json) -> dict[str, Any]:
    there = _typed(me)
    given = {name: form[name] for name in there if name in form.typed}
    changed = {name: text for name, text in given.items() if not _same(text, there[name])}
    changed.pop("version", None)
    body: dict[str, Any] = {}
    for name, text in changed.items():
        outer, _, inner = name.rpartition(".")
        place = body.setdefault(outer, {}) if outer else body
        place[inner] = text or None
    if form["iban"]:
        body["iban"] = form["iban"]
    if "birth_date" in body:
        body["birth_date"] = _iso(form)
    return body


def _same(one: str, other: str) -> bool:
    """Whichever digits they are written with."""
    return to_ascii_digits(one) == to_ascii_digits(other)


def _iso(form: Form) -> str | None:
    try:
        found: date = day_typed(form["birth_date"])
    except Invalid as invalid:
        form.errors["birth_date"] = sentence_of(invalid)
        return None
    return found.isoformat()


def _told(edited: Json) -> str:
    if not edited["pending"]:
        return gettext("تغییرها ثبت شد.")
    if not edited["applied"]:
        return gettext("درخواست شما ثبت شد و پس از تأیید کارشناس اعمال می‌شود.")
    return gettext("بخشی از تغییرها ثبت شد؛ بقیه پس از تأیید کارشناس اعمال می‌شود.")
