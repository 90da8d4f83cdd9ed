"""Pictures of a complaint: refused early, redrawn, kept outside of the database."""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from chassis.database import Database
from chassis.errors import NotFound, Problem
from chassis.idempotency import once
from chassis.logging import get_logger
from chassis.quotas import Quota
from sales.context import Context
from sales.limits import ATTACHED_A_DAY, ATTACHED_BY_CARE_A_DAY, spend
from sales.voice import queries
from sales.voice.domain import Author, ComplaintState, moved
from sales.voice.folder import FileGone, Folder
from sales.voice.pictures import MEDIA_TYPE, Picture, redrawn
from sales.voice.tables import FILE_KEY, Complaint, ComplaintAttachment
from sales.voice.views import AttachmentView

MAX_ATTACHMENTS = 10
"""Of either side."""
QUOTAS: Mapping[Author, Quota] = {"customer": ATTACHED_A_DAY, "care": ATTACHED_BY_CARE_A_DAY}
log = get_logger(__name__)


class TooManyAttachments(Problem):
    status = 409
    code = "too_many_attachments"
    fa = "هر طرف حداکثر {most} پیوست به شکایت می‌افزاید."
    en = "Each side adds at most {most} attachments to a complaint."


@dataclass(frozen=True)
class Sender:
    """Who adds a picture; what care does goes into the audit trail through ``note``."""

    person: UUID
    author: Author = "customer"
    note: Callable[[AsyncSession, Complaint], Awaitable[None]] | None = None

    async def find(self, session: AsyncSession, complaint_id: UUID) -> Complaint:
        """Locked; raises ``NotFound`` for somebody else's and ``IllegalComplaintMove`` for one at its end."""
        if self.author == "care":
            complaint = await queries.find(session, complaint_id, lock=True)
            moved(ComplaintState(complaint.state), "answer")
        else:
            complaint = await queries.find_own(session, complaint_id, self.person, lock=True)
            moved(ComplaintState(complaint.state), "write")
        return complaint


class Upload(BaseModel):
    """What tells two uploads apart."""

    sha256: str


class Attachments:
    """Takes pictures in and hands them out. One at a time is decoded in a process, for the memory's sake."""

    def __init__(self, database: Database, context: Context, folder: Folder) -> None:
        self._database = database
        self._context = context
        self._folder = folder
        self._decoding = asyncio.Semaphore(1)

    async def admit(self, complaint_id: UUID, sender: Sender) -> None:
        """Refuses before the file is read: whose complaint it is, how many there are already."""
        async with self._database.transaction() as session:
            await self._check(session, complaint_id, sender)
            await spend(session, QUOTAS[sender.author], sender.person, self._context.clock())

    async def add(self, complaint_id: UUID, sender: Sender, data: bytes, key: str | None) -> AttachmentView:
        """Raises ``NotAPicture`` and ``TooManyPixels``. A file whose row is not written is removed again."""
        async with self._decoding:
            picture = await asyncio.to_thread(redrawn, data)
        file_id = uuid7()
        file_key = await asyncio.to_thread(self._folder.write, file_id, picture.data)
        kept: UUID | None = None
        try:
            upload = Upload(sha256=hashlib.sha256(data).hexdigest())
            async with self._database.transaction() as session:

                async def attach() -> AttachmentView:
                    complaint = await self._check(session, complaint_id, sender)
                    row = self._row(complaint, sender.author, file_id, picture, file_key)
                    session.add(row)
                    if sender.note is not None:
                        await sender.note(session, complaint)
                    return AttachmentView.of(row)

                scope = f"{sender.person} attach {complaint_id}"
                view = await once(session, key, scope, upload, AttachmentView, attach)
            kept = view.attachment_id
            return view
        finally:
            if kept != file_id:
                await asyncio.to_thread(self._folder.remove, file_id)

    async def _check(self, session: AsyncSession, complaint_id: UUID, sender: Sender) -> Complaint:
        complaint = await sender.find(session, complaint_id)
        count = select(func.count()).where(
            ComplaintAttachment.complaint_id == complaint.id, ComplaintAttachment.author == sender.author
        )
        if (await session.scalar(count) or 0) >= MAX_ATTACHMENTS:
            raise TooManyAttachments(most=MAX_ATTACHMENTS)
        return complaint

    def _row(
        self, complaint: Complaint, author: Author, file_id: UUID, picture: Picture, file_key: bytes
    ) -> ComplaintAttachment:
        log.info("sales.complaint.attached", complaint_id=complaint.id, attachment_id=file_id)
        return ComplaintAttachment(
            id=file_id,
            complaint_id=complaint.id,
            author=author,
            at=self._context.clock(),
            media_type=MEDIA_TYPE,
            size=len(picture.data),
            width=picture.width,
            height=picture.height,
            file_key=self._context.keyring.seal(file_key, FILE_KEY),
        )

    async def content(self, attachment: ComplaintAttachment) -> bytes:
        """Raises ``NotFound`` when the folder has lost the file."""
        key = self._context.keyring.open(attachment.file_key, FILE_KEY)
        try:
            return await asyncio.to_thread(self._folder.read, attachment.id, key)
        except FileGone:
            log.error("sales.complaint.attachment_gone", attachment_id=attachment.id)
            raise NotFound from None


async def find(session: AsyncSession, complaint_id: UUID, attachment_id: UUID) -> ComplaintAttachment:
    """Raises ``NotFound`` for one of another complaint."""
    attachment = await session.get(ComplaintAttachment, attachment_id)
    if attachment is None or attachment.complaint_id != complaint_id:
        raise NotFound
    return attachment
