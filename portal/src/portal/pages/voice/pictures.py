"""A picture that somebody chose goes on to a complaint."""

from uuid import uuid4

from starlette.datastructures import UploadFile

from portal.forms import Form
from portal.visit import Visit

FIELD = "file"
MOST_BYTES = 8_200_000
"""A picture of 8 MB and what is written with it."""


def pictures_of(form: Form) -> list[UploadFile]:
    """Those that were chosen; a browser sends an empty one for none."""
    return [one for one in form.files.get(FIELD, ()) if one.size]


async def send(visit: Visit, complaint: str, upload: UploadFile) -> None:
    """As the form with one file that the API takes below ``complaint``, a complaint's path."""
    border = f"portal-{uuid4().hex}"
    head = (
        f'--{border}\r\ncontent-disposition: form-data; name="{FIELD}"; filename="picture"\r\n'
        "content-type: application/octet-stream\r\n\r\n"
    )
    content = head.encode() + await upload.read() + f"\r\n--{border}--\r\n".encode()
    headers = {"content-type": f"multipart/form-data; boundary={border}", "idempotency-key": str(uuid4())}
    await visit.ask("POST", f"{complaint}/attachments", content, headers=headers)
