"""Sending a picture to a complaint, and fetching it."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Request, Response
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException

from chassis.auth import CurrentUser
from chassis.errors import BodyTooLarge, FieldError, InvalidFields, Problem, Sentence, UnsupportedMediaType
from chassis.idempotency import IdempotencyKey
from chassis.service import Db, provided
from sales.voice import attachments, queries
from sales.voice.attachments import Attachments, Sender
from sales.voice.staff_api import AgentsDesk, ReadersDesk
from sales.voice.staff_api import router as staff_router
from sales.voice.tables import Complaint, ComplaintAttachment
from sales.voice.trail import note
from sales.voice.views import AttachmentView

FORM = "multipart/form-data"
FIELD = "file"
MAX_FILE_BYTES = 8_000_000
MAX_FORM_BYTES = MAX_FILE_BYTES + 100_000
BODY_LIMITS = {
    "/api/v1/complaints/*/attachments": MAX_FORM_BYTES,
    "/api/v1/staff/complaints/*/attachments": MAX_FORM_BYTES,
}

router = APIRouter(tags=["voice of the customer"], prefix="/complaints/{complaint_id}/attachments")
TheAttachments = Annotated[Attachments, provided(Attachments)]
PICTURE: dict[int | str, dict[str, Any]] = {
    200: {"content": {"image/jpeg": {"schema": {"type": "string", "format": "binary"}}}},
    404: {"description": "no such attachment, or somebody else's"},
}
FORM_SCHEMA = {
    "type": "object",
    "required": [FIELD],
    "properties": {FIELD: {"type": "string", "format": "binary"}},
}
MISSING = FieldError(
    FIELD, "missing", Sentence("یک عکس در این خانه لازم است.", "This field needs one picture.")
)


class MalformedForm(Problem):
    status = 400
    code = "malformed_form"
    fa = "فرم ارسالی درست نیست."
    en = "The form is not right."


TAKES_A_FILE: dict[str, Any] = {
    "status_code": 201,
    "responses": {
        413: {"description": "body_too_large"},
        415: {"description": "not_a_picture, unsupported_media_type"},
    },
    "openapi_extra": {"requestBody": {"required": True, "content": {FORM: {"schema": FORM_SCHEMA}}}},
}


@router.post("", summary="Add a picture to my complaint", **TAKES_A_FILE)
async def attach(
    complaint_id: UUID,
    request: Request,
    writer: CurrentUser,
    pictures: TheAttachments,
    key: IdempotencyKey = None,
) -> AttachmentView:
    """The field ``file`` of a form: JPEG, PNG or WebP, up to 8 MB. It is redrawn as JPEG without metadata."""
    return await _take_in(complaint_id, Sender(writer.subject), request, pictures, key)


@staff_router.post(
    "/{complaint_id}/attachments", summary="Add a picture for the customer to see", **TAKES_A_FILE
)
async def attach_for_care(
    complaint_id: UUID,
    request: Request,
    desk: AgentsDesk,
    pictures: TheAttachments,
    key: IdempotencyKey = None,
) -> AttachmentView:
    """As the customer's own."""

    async def trail(session: AsyncSession, complaint: Complaint) -> None:
        await note(session, "attached", complaint, desk.agent, desk.client, desk.context.clock())

    sender = Sender(desk.agent.subject, "care", trail)
    return await _take_in(complaint_id, sender, request, pictures, key)


async def _take_in(
    complaint_id: UUID, sender: Sender, request: Request, pictures: Attachments, key: str | None
) -> AttachmentView:
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != FORM:
        raise UnsupportedMediaType
    await pictures.admit(complaint_id, sender)
    return await pictures.add(complaint_id, sender, await _file(request), key)


async def _file(request: Request) -> bytes:
    """The one file of the form, spooled to the disk while it arrives."""
    try:
        async with request.form(max_files=1, max_fields=0) as form:
            file = form.get(FIELD)
            if not isinstance(file, UploadFile):
                raise InvalidFields(errors=[MISSING])
            if (file.size or 0) > MAX_FILE_BYTES:
                raise BodyTooLarge
            return await file.read()
    except HTTPException as error:
        if error.status_code != MalformedForm.status:
            raise
        raise MalformedForm from None


@router.get("/{attachment_id}", summary="Fetch a picture", response_class=Response, responses=PICTURE)
async def fetch(
    complaint_id: UUID, attachment_id: UUID, writer: CurrentUser, db: Db, pictures: TheAttachments
) -> Response:
    async with db.transaction() as session:
        await queries.find_own(session, complaint_id, writer.subject)
        found = await attachments.find(session, complaint_id, attachment_id)
    return _download(found, await pictures.content(found))


@staff_router.get(
    "/{complaint_id}/attachments/{attachment_id}",
    summary="Fetch a picture of a complaint",
    response_class=Response,
    responses=PICTURE,
)
async def fetch_for_care(
    complaint_id: UUID, attachment_id: UUID, desk: ReadersDesk, pictures: TheAttachments
) -> Response:
    async with desk.db.transaction() as session:
        complaint = await queries.find(session, complaint_id)
        found = await attachments.find(session, complaint_id, attachment_id)
        now = desk.context.clock()
        await note(session, "attachment_viewed", complaint, desk.agent, desk.client, now)
    return _download(found, await pictures.content(found))


def _download(attachment: ComplaintAttachment, content: bytes) -> Response:
    """Saved, never shown as a page of ours."""
    headers = {
        "Content-Disposition": f'attachment; filename="{attachment.id}.jpg"',
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "private, no-store",
    }
    return Response(content, media_type=attachment.media_type, headers=headers)
