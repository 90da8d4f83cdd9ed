"""Announcements and questions: the list, writing one, letting everybody read it or nobody."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Response

from iran import tehran_time
from portal.formats import jalali_typed
from portal.forms import Form
from portal.gateway import Refused
from portal.language import gettext
from portal.pages.desk.paging import next_path
from portal.pages.desk.rights import may
from portal.visit import Staff, Visit

router = APIRouter(prefix="/staff/articles")

API = PLACE = "/staff/articles"
KINDS = ("announcement", "question")
TEXTS = ("kind", "category", "title", "body")
PERIOD = ("visible_from", "visible_until")
DEEDS: Mapping[str, str] = {"publication": "POST", "withdrawal": "DELETE"}


@router.get("")
async def index(visit: Staff, kind: str = KINDS[0], cursor: UUID | None = None) -> Response:
    kind = kind if kind in KINDS else KINDS[0]
    found = await visit.get(API, {"kind": kind, "cursor": cursor or ""})
    return visit.page(
        "desk_articles/index.html",
        articles=found["items"],
        kind=kind,
        kinds=kinds(),
        next_path=next_path(PLACE, {"kind": kind}, found["next_cursor"]),
        may_write=may(visit, "articles.write"),
    )


@router.get("/new")
async def ask(visit: Staff) -> Response:
    form = visit.form().fill({"kind": visit.request.query_params.get("kind", "")})
    return _editor(visit, form)


@router.post("/new")
async def draft(visit: Staff) -> Response:
    form = visit.form()
    body = _body(form)
    if form.is_wrong:
        return _editor(visit, form, status=422)
    try:
        made = await visit.post(API, body, key=form.key)
    except Refused as refusal:
        return _editor(visit, _refused(form, refusal), status=refusal.status)
    return visit.redirect(f"{PLACE}/{made['article_id']}", gettext("نوشته شد؛ تا منتشر نشود کسی نمی‌بیند."))


@router.get("/{article_id}")
async def edit(article_id: UUID, visit: Staff) -> Response:
    article = await visit.get(f"{API}/{article_id}")
    return _editor(visit, _filled(visit.form(), article), article)


@router.post("/{article_id}")
async def write(article_id: UUID, visit: Staff) -> Response:
    """One of ``DEEDS``, or what it says from now on."""
    form, path = visit.form(), f"{API}/{article_id}"
    is_deed = form["deed"] in DEEDS
    body = {} if is_deed else _body(form) | {"version": form.whole("version")}
    if form.is_wrong:
        return _editor(visit, form, await visit.get(path), 422)
    try:
        if is_deed:
            await visit.ask(DEEDS[form["deed"]], f"{path}/publication")
        else:
            await visit.ask("PUT", path, body)
    except Refused as refusal:
        article = await visit.get(path)
        return _editor(visit, _filled(_refused(form, refusal), article), article, refusal.status)
    return visit.redirect(f"{PLACE}/{article_id}", gettext("ثبت شد."))


def kinds() -> dict[str, str]:
    return {"announcement": gettext("اطلاعیه"), "question": gettext("پرسش پرتکرار")}


def _body(form: Form) -> dict[str, Any]:
    form.require(gettext("این خانه را پر کنید."), TEXTS)
    body: dict[str, Any] = {name: form[name].replace("\r\n", "\n") for name in TEXTS}
    body["pinned"] = form["pinned"] == "yes"
    body["position"] = form.whole("position") if form["position"] else 0
    for name in PERIOD:
        found = form.moment(name) if form[f"{name}_on"] else None
        body[name] = found.isoformat() if found else None
    return body


def _filled(form: Form, article: Mapping[str, Any]) -> Form:
    """As it stands, where nobody has begun to write it otherwise."""
    if "title" in form.typed:
        return form
    form.fill({name: article[name] for name in (*TEXTS, "position", "version")})
    form.fill({"pinned": "yes" if article["pinned"] else ""})
    for name in PERIOD:
        if at := article[name]:
            form.fill(
                {
                    f"{name}_on": jalali_typed(at),
                    f"{name}_time": f"{tehran_time(datetime.fromisoformat(at)):%H:%M}",
                }
            )
    return form


def _refused(form: Form, refusal: Refused) -> Form:
    return form.refused(refusal, **{name: f"{name}_on" for name in PERIOD})


def _editor(
    visit: Visit, form: Form, article: Mapping[str, Any] | None = None, status: int = 200
) -> Response:
    return visit.page(
        "desk_articles/article.html",
        status=status,
        form=form,
        article=article,
        kinds=list(kinds().items()),
        may_write=may(visit, "articles.write"),
    )
