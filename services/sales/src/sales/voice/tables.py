"""Complaints. What people wrote is personal data and sealed."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ARRAY, Index, Integer, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from sales.schema import Base
from sales.voice.domain import Rules

SUBJECT = "complaints.subject"
TEXT = "complaint_messages.text"
FILE_KEY = "complaint_attachments.file_key"
CONTACT = "complaint_contacts.mobile"


class ComplaintRules(Base):
    """The periods of complaints that are filed from a day on; see ``domain.Rules``. Rows are only added."""

    __tablename__ = "complaint_rules"

    valid_from: Mapped[date] = mapped_column(primary_key=True)
    answer_days: Mapped[int]
    warnings: Mapped[list[int]] = mapped_column(ARRAY(Integer))
    reopen_days: Mapped[int]
    decision_days: Mapped[int]
    execution_days: Mapped[int]

    @property
    def rules(self) -> Rules:
        return Rules(
            self.answer_days, self.warnings, self.reopen_days, self.decision_days, self.execution_days
        )


class ComplaintTopic(Base):
    """What a complaint in one of ``sections`` may be about; ``to_province`` is what the law gives to the
    provincial office in the first place."""

    __tablename__ = "complaint_topics"

    code: Mapped[str] = mapped_column(primary_key=True)
    title: Mapped[str]
    sections: Mapped[list[str]] = mapped_column(ARRAY(Text))
    to_province: Mapped[bool]
    active: Mapped[bool]
    position: Mapped[int]


class Complaint(Base):
    """``rules_from`` names the periods it was filed under; ``counted_from`` is when its clock began.

    ``timeline`` is a list of ``{state, at}``, oldest first. ``warned`` is the day of the last warning,
    ``warn_at`` the time of the next. The board was asked on ``registered_on`` and decided on ``decided_on``.
    """

    __tablename__ = "complaints"
    __table_args__ = (
        Index("complaints_of_customer", "customer_id", "id"),
        Index("complaints_to_warn_of", "warn_at", postgresql_where=text("warn_at IS NOT NULL")),
        Index("complaints_unresolved", "due_at", postgresql_where=text("state <> 'resolved'")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(unique=True)
    customer_id: Mapped[UUID]
    order_id: Mapped[UUID | None]
    dealership_id: Mapped[UUID | None]
    section: Mapped[str]
    topic: Mapped[str]
    subject: Mapped[bytes]
    state: Mapped[str]
    version: Mapped[int]
    timeline: Mapped[list[dict[str, object]]]
    assigned_to: Mapped[UUID | None]
    filed_at: Mapped[datetime]
    rules_from: Mapped[date]
    counted_from: Mapped[datetime]
    due_at: Mapped[datetime]
    warned: Mapped[int]
    warn_at: Mapped[datetime | None]
    resolved_at: Mapped[datetime | None]
    reopened: Mapped[bool]
    registered_on: Mapped[date | None]
    decision_due: Mapped[date | None]
    decided_on: Mapped[date | None]
    execution_due: Mapped[date | None]


class ComplaintMessage(Base):
    """``author`` is customer or care, ``author_id`` who that was."""

    __tablename__ = "complaint_messages"
    __table_args__ = (Index("complaint_messages_of_complaint", "complaint_id", "id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    complaint_id: Mapped[UUID]
    author: Mapped[str]
    author_id: Mapped[UUID]
    at: Mapped[datetime]
    text: Mapped[bytes]


class ComplaintAttachment(Base):
    """A picture, sealed in the folder of attachments under a key of its own: this one.

    ``author`` is customer or care.
    """

    __tablename__ = "complaint_attachments"
    __table_args__ = (Index("complaint_attachments_of_complaint", "complaint_id", "at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    complaint_id: Mapped[UUID]
    author: Mapped[str] = mapped_column(server_default="customer")
    at: Mapped[datetime]
    media_type: Mapped[str]
    size: Mapped[int]
    width: Mapped[int]
    height: Mapped[int]
    file_key: Mapped[bytes]


class ComplaintContact(Base):
    """Whose mobile is on call for the complaints of a section."""

    __tablename__ = "complaint_contacts"

    section: Mapped[str] = mapped_column(primary_key=True)
    mobile: Mapped[bytes]
    updated_by: Mapped[UUID]
    updated_at: Mapped[datetime]
