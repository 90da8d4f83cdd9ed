"""How a complaint looks to its writer and to care."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Self
from uuid import UUID

from pydantic import BaseModel

from sales.context import Context
from sales.voice.domain import Author, ComplaintState, Section
from sales.voice.tables import SUBJECT, TEXT, Complaint, ComplaintAttachment, ComplaintMessage

NOTES: dict[ComplaintState, str] = {
    ComplaintState.OPEN: "شکایت شما در دست بررسی است.",
    ComplaintState.ANSWERED: "به شکایت شما پاسخ داده شد.",
    ComplaintState.AWAITING_CUSTOMER: "برای ادامه‌ی بررسی، پاسخ شما لازم است.",
    ComplaintState.AT_PROVINCE: "شکایت در اداره‌ی صمت استان پیگیری می‌شود.",
    ComplaintState.AT_BOARD: "شکایت در هیأت حل اختلاف است.",
    ComplaintState.DECIDED: "هیأت حل اختلاف رأی داد.",
    ComplaintState.RESOLVED: "رسیدگی به شکایت پایان یافت.",
}


class Step(BaseModel):
    """A fact of the complaint's life; ``note`` is for people."""

    state: ComplaintState
    at: datetime
    note: str


class MessageView(BaseModel):
    message_id: UUID
    author: Author
    at: datetime
    text: str

    @classmethod
    def of(cls, message: ComplaintMessage, context: Context) -> Self:
        text = context.open(message.text, TEXT)
        return cls(message_id=message.id, author=message.author, at=message.at, text=text)


class AttachmentView(BaseModel):
    """``author`` added it; ``size`` in bytes, ``width`` and ``height`` in pixels."""

    attachment_id: UUID
    author: Author
    at: datetime
    media_type: str
    size: int
    width: int
    height: int

    @classmethod
    def of(cls, attachment: ComplaintAttachment) -> Self:
        known = {name: getattr(attachment, name) for name in cls.model_fields if name != "attachment_id"}
        return cls(attachment_id=attachment.id, **known)


class ComplaintSummary(BaseModel):
    """``due_at`` ends the days that the law gives; the board and its decision have dates of their own."""

    complaint_id: UUID
    number: str
    section: Section
    topic: str
    subject: str
    state: ComplaintState
    order_id: UUID | None
    dealership_id: UUID | None
    filed_at: datetime
    due_at: datetime
    decision_due: date | None
    decided_on: date | None
    execution_due: date | None

    @classmethod
    def of(cls, complaint: Complaint, context: Context) -> Self:
        return cls(**_shown(complaint, context))


class ComplaintPage(ComplaintSummary):
    """``reopened`` says that it cannot be reopened any more."""

    reopened: bool
    timeline: list[Step]
    messages: list[MessageView]
    attachments: list[AttachmentView]

    @classmethod
    def with_all(
        cls,
        complaint: Complaint,
        messages: Sequence[ComplaintMessage],
        attachments: Sequence[ComplaintAttachment],
        context: Context,
    ) -> Self:
        return cls(
            **_shown(complaint, context),
            reopened=complaint.reopened,
            timeline=_timeline(complaint),
            messages=[MessageView.of(message, context) for message in messages],
            attachments=[AttachmentView.of(attachment) for attachment in attachments],
        )


class QueuedComplaint(BaseModel):
    """What the agents' queue shows: nothing that the customer wrote. ``warned`` is the day of the last
    warning, 0 for none."""

    complaint_id: UUID
    number: str
    customer_id: UUID
    section: Section
    topic: str
    state: ComplaintState
    assigned_to: UUID | None
    filed_at: datetime
    due_at: datetime
    overdue: bool
    warned: int
    decision_due: date | None
    execution_due: date | None

    @classmethod
    def of_row(cls, complaint: Complaint, now: datetime) -> Self:
        names = cls.model_fields.keys() - {"complaint_id", "overdue"}
        known = {name: getattr(complaint, name) for name in names}
        late = complaint.state != ComplaintState.RESOLVED and complaint.due_at <= now
        return cls(complaint_id=complaint.id, overdue=late, **known)


class StaffComplaintPage(ComplaintPage):
    customer_id: UUID
    assigned_to: UUID | None
    warned: int


def _shown(complaint: Complaint, context: Context) -> dict[str, object]:
    """The fields of a summary."""
    names = ComplaintSummary.model_fields.keys() - {"complaint_id", "subject"}
    known = {name: getattr(complaint, name) for name in names}
    return known | {"complaint_id": complaint.id, "subject": context.open(complaint.subject, SUBJECT)}


def _timeline(complaint: Complaint) -> list[Step]:
    return [
        Step.model_validate({**entry, "note": NOTES[ComplaintState(str(entry["state"]))]})
        for entry in complaint.timeline
    ]
