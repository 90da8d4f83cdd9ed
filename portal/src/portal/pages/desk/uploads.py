"""A file that somebody chose goes on to the API in parts, and is started when it is whole."""

from starlette.datastructures import UploadFile

from portal.forms import Form
from portal.language import gettext
from portal.visit import Visit

FIELD = "file"
FORMATS = ("csv", "xlsx")
PART_BYTES = 1_000_000
MOST_BYTES = 8_200_000
"""A file of 8 MB and the form around it; larger ones go through the API."""
LONGEST_NAME = 200
BINARY = {"content-type": "application/octet-stream"}


def file_of(form: Form) -> UploadFile | None:
    """What was chosen; what is wrong with it stands beside the field."""
    upload = next((one for one in form.files.get(FIELD, ()) if one.size), None)
    if upload is None:
        form.errors[FIELD] = gettext("پرونده‌ای برگزینید که خالی نباشد.")
    elif said_of(upload)["format"] not in FORMATS:
        form.errors[FIELD] = gettext("پرونده باید CSV یا XLSX باشد.")
    return upload


def said_of(upload: UploadFile) -> dict[str, str]:
    """What the API wants to know of a file before it comes."""
    name = upload.filename or ""
    return {"file_name": name[-LONGEST_NAME:], "format": name.rpartition(".")[2].lower()}


async def send(visit: Visit, path: str, upload: UploadFile) -> None:
    """``path`` is the file's at the API, which has ``/parts/N`` and ``/start``."""
    parts = 0
    while part := await upload.read(PART_BYTES):
        parts += 1
        await visit.ask("PUT", f"{path}/parts/{parts}", part, headers=BINARY)
    await visit.post(f"{path}/start", {"parts": parts})
