"""The way of cars to their buyers: files of steps, sent on in parts, and single steps by hand."""

from collections.abc import AsyncIterator
from uuid import UUID

from fastapi import APIRouter, Response
from starlette.datastructures import UploadFile

from portal.forms import Form
from portal.gateway import Refused
from portal.language import gettext
from portal.visit import Staff, Visit
from portal.words import word

router = APIRouter(prefix="/staff/deliveries")

STEPS = ("allocated", "invoiced", "plated", "sent_to_dealer", "ready", "delivered")
DETAILS = ("contract_number", "step", "vin", "invoice_number", "plate")
IMPORTS = "/staff/deliveries/imports"
PART_BYTES = 900_000
BODY_LIMITS = {"/staff/deliveries": 8_200_000}
"""Bytes; a file of 8 MB with its form. Larger ones go through the API."""
PART = {"content-type": "application/octet-stream"}
PLACE = "/staff/deliveries"


@router.get("")
async def index(visit: Staff, cursor: UUID | None = None) -> Response:
    return await _page(visit, cursor=cursor)


@router.post("")
async def upload(visit: Staff) -> Response:
    form = visit.form()
    file = next((one for one in form.files.get("file", ()) if one.size), None)
    if file is None:
        form.errors["file"] = gettext("فایل را انتخاب کنید.")
        return await _page(visit, 422)
    try:
        import_id = await _send(visit, form, file)
    except Refused as refusal:
        form.refused(refusal, file_name="file", format="file")
        return await _page(visit, refusal.status)
    return visit.redirect(f"{PLACE}/files/{import_id}", gettext("فایل رسید و خوانده می‌شود."))


@router.get("/files/{import_id}")
async def watch(import_id: UUID, visit: Staff) -> Response:
    file = await visit.get(f"{IMPORTS}/{import_id}")
    seconds = 3 if file["state"] == "running" else 0
    return visit.page("desk_orders/import.html", file=file, refresh_after=seconds)


@router.get("/files/{import_id}/errors.csv")
async def bad_rows(import_id: UUID, visit: Staff) -> Response:
    return await visit.download(f"{IMPORTS}/{import_id}/errors.csv")


@router.get("/steps")
async def ask_for_step(visit: Staff) -> Response:
    return _step_page(visit, visit.form())


@router.post("/steps")
async def take_step(visit: Staff) -> Response:
    """``fill`` comes from an order that was looked up: the form is shown with what is known."""
    form = visit.form()
    if form["fill"]:
        return _step_page(visit, form)
    body = form.only(*DETAILS) | _day(form)
    if form.is_wrong:
        return _step_page(visit, form, 422)
    try:
        taken = await visit.post("/staff/deliveries/steps", body, key=form.key)
    except Refused as refusal:
        form.refused(refusal)
        if missing := refusal.members.get("missing"):
            form.errors[missing] = refusal.sentence
        return _step_page(visit, form, refusal.status)
    return visit.redirect(f"{PLACE}/steps", gettext("ثبت شد:") + " " + word(taken["state"], "order_state"))


async def _send(visit: Visit, form: Form, file: UploadFile) -> str:
    """Begins an import, sends the parts, starts it; its id."""
    name = file.filename or "deliveries.csv"
    kind = "xlsx" if name.lower().endswith(".xlsx") else "csv"
    begun = await visit.post(IMPORTS, {"file_name": name[-200:], "format": kind}, key=form.key)
    path, parts = f"{IMPORTS}/{begun['import_id']}", 0
    async for part in _parts(file):
        parts += 1
        await visit.ask("PUT", f"{path}/parts/{parts}", part, headers=PART)
    await visit.post(f"{path}/start", {"parts": parts})
    return str(begun["import_id"])


async def _parts(file: UploadFile) -> AsyncIterator[bytes]:
    while part := await file.read(PART_BYTES):
        yield part


def _day(form: Form) -> dict[str, str]:
    """The day on which it happened, today when it is not said."""
    day = form.day("on") if form["on"] else None
    return {"on": day.isoformat()} if day else {}


async def _page(visit: Visit, status: int = 200, cursor: UUID | None = None) -> Response:
    found = await visit.get(IMPORTS, {"cursor": cursor or ""})
    next_path = f"{PLACE}?cursor={found['next_cursor']}" if found["next_cursor"] else ""
    return visit.page("desk_orders/deliveries.html", status=status, files=found["items"], next_path=next_path)


def _step_page(visit: Visit, form: Form, status: int = 200) -> Response:
    steps = [(step, word(step, "order_state")) for step in STEPS]
    return visit.page("desk_orders/step.html", status=status, form=form, steps=steps)
