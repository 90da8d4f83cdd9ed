"""A customer's complaints: writing one, adding to it, reading the answers, reopening it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Response

from portal.formats import digits
from portal.forms import Form
from portal.gateway import NotAnswering, Refused
from portal.language import gettext
from portal.pages.voice.pictures import MOST_BYTES, pictures_of, send
from portal.visit import Member, Visit, Visitor
from portal.words import word

router = APIRouter()

APART = ":"
"""Between the section and the topic in the value of what a complaint is about."""
BODY_LIMITS = {"/voice/*": MOST_BYTES}


@router.get("/voice")
async def index(visit: Visitor, cursor: UUID | None = None) -> Response:
    if visit.session is None:
        return visit.page("voice/index.html", complaints=None, next_path="", shared=True)
    page = await visit.get("/complaints", {"cursor": cursor or ""})
    next_path = f"/voice?cursor={page['next_cursor']}" if page["next_cursor"] else ""
    return visit.page("voice/index.html", complaints=page["items"], next_path=next_path)


@router.get("/voice/new")
async def write(visit: Member) -> Response:
    visit.form().fill({"order_id": visit.request.query_params.get("order_id", "")})
    return await _new_page(visit, visit.form())


@router.post("/voice/new")
async def file(visit: Member) -> Response:
    form = visit.form()
    section, _, topic = form["about"].partition(APART)
    form.require(gettext("این خانه را پر کنید."), ["about", "subject", "text"])
    if form.is_wrong:
        return await _new_page(visit, form, 422)
    body = form.only("subject", "text", "order_id", "dealership_id") | {"section": section, "topic": topic}
    try:
        filed = await visit.post("/complaints", body, key=form.key)
    except Refused as refusal:
        return await _new_page(visit, form.refused(refusal, topic="about", section="about"), refusal.status)
    path = f"/voice/{filed['complaint_id']}"
    failed = await _attach(visit, filed["complaint_id"], form)
    if failed:
        return visit.redirect(path, _filed(filed) + " " + failed, kind="warning")
    return visit.redirect(path, _filed(filed))


@router.get("/voice/{complaint_id}")
async def read(complaint_id: UUID, visit: Member) -> Response:
    return await _page(visit, complaint_id)


@router.post("/voice/{complaint_id}")
async def add(complaint_id: UUID, visit: Member) -> Response:
    """A message, a picture or both; ``reopen`` says that the complaint was closed."""
    form = visit.form()
    path = f"/complaints/{complaint_id}"
    if not form["text"] and (form["reopen"] or not pictures_of(form)):
        form.errors["text"] = gettext("متن خود را بنویسید.")
        return await _page(visit, complaint_id, 422)
    try:
        if form["reopen"]:
            await visit.post(f"{path}/reopening", form.only("text"))
        elif form["text"]:
            await visit.post(f"{path}/messages", form.only("text"), key=form.key)
    except Refused as refusal:
        form.refused(refusal)
        return await _page(visit, complaint_id, refusal.status)
    failed = await _attach(visit, complaint_id, form)
    if failed:
        return visit.redirect(f"/voice/{complaint_id}", failed, kind="warning")
    return visit.redirect(f"/voice/{complaint_id}", gettext("ثبت شد؛ کارشناس آن را می‌بیند."))


@router.get("/voice/{complaint_id}/attachments/{attachment_id}")
async def picture(complaint_id: UUID, attachment_id: UUID, visit: Member) -> Response:
    return await visit.download(f"/complaints/{complaint_id}/attachments/{attachment_id}")


def _filed(filed: Mapping[str, Any]) -> str:
    return gettext("شکایت شما با شماره‌ی %(number)s ثبت شد.") % {"number": filed["number"]}


async def _attach(visit: Visit, complaint_id: object, form: Form) -> str:
    """Sends the picture on; why it could not be added, or nothing. What was written is kept in any case."""
    for upload in pictures_of(form):
        try:
            await send(visit, f"/complaints/{complaint_id}", upload)
        except Refused as refusal:
            return gettext("عکس افزوده نشد:") + " " + refusal.sentence
        except NotAnswering:
            return gettext("عکس افزوده نشد؛ آن را دوباره بفرستید.")
    return ""


async def _new_page(visit: Visit, form: Form, status: int = 200) -> Response:
    topics = (await visit.get("/complaints/topics"))["items"]
    orders = (await visit.get("/orders"))["items"]
    about = [
        (section, word(section, "section"), [one for one in topics if section in one["sections"]])
        for section in ("sales", "after_sales", "dealership")
    ]
    comma = gettext("، ")
    choices = [(one["order_id"], f"{one['title']}{comma}{digits(one['request_number'])}") for one in orders]
    return visit.page("voice/new.html", status=status, form=form, about=about, orders=choices)


async def _page(visit: Visit, complaint_id: UUID, status: int = 200) -> Response:
    complaint = await visit.get(f"/complaints/{complaint_id}")
    due = datetime.fromisoformat(complaint["due_at"])
    days = (due - visit.site.clock()).days
    letters = [
        *({"kind": "message", **one} for one in complaint["messages"]),
        *({"kind": "picture", **one} for one in complaint["attachments"]),
    ]
    letters.sort(key=lambda one: one["at"])
    return visit.page("voice/complaint.html", status=status, complaint=complaint, days=days, letters=letters)
