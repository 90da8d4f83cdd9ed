"""The voice of the customer. Amounts are Rial."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from events.event import Event, Sealed


class ComplaintFiled(Event, name="sales.complaint_filed.v1", aggregate="complaint_id"):
    """A customer complained; by law they have their answer before ``due_at``."""

    complaint_id: UUID
    customer_id: UUID
    complaint_number: str
    due_at: datetime


class ComplaintAnswered(Event, name="sales.complaint_answered.v1", aggregate="complaint_id"):
    """An agent wrote to the customer, who reads it after logging in."""

    complaint_id: UUID
    customer_id: UUID
    complaint_number: str


class ComplaintEscalated(Event, name="sales.complaint_escalated.v1", aggregate="complaint_id"):
    """The complaint is with the provincial office of the ministry, or with the dispute board."""

    complaint_id: UUID
    customer_id: UUID
    complaint_number: str
    office: Literal["province", "board"]


class ComplaintWarned(Event, name="sales.complaint_warned.v1", aggregate="complaint_id"):
    """The complaint has waited for ``day`` days; its answer is due before ``due_at``.

    ``contact`` is the sealed object ``{mobile}`` of the colleague on call for the section, if there is one.
    """

    complaint_id: UUID
    complaint_number: str
    section: Literal["sales", "after_sales", "dealership"]
    day: int
    due_at: datetime
    contact: Sealed | None


class ComplaintResolved(Event, name="sales.complaint_resolved.v1", aggregate="complaint_id"):
    """An agent closed the complaint; the customer may have it reopened once."""

    complaint_id: UUID
    customer_id: UUID
    complaint_number: str
