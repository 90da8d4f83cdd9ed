"""Reads of complaints."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, any_, literal, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.errors import NotFound
from sales.orders.tables import Order
from sales.voice.domain import ComplaintState, Section
from sales.voice.tables import (
    Complaint,
    ComplaintAttachment,
    ComplaintMessage,
    ComplaintRules,
    ComplaintTopic,
)

PAGE = 50


_UNRESOLVED = Complaint.state != ComplaintState.RESOLVED
EQUAL = ("number", "state", "section", "topic", "assigned_to")


@dataclass(frozen=True)
class Wanted:
    """What the agents' queue is narrowed to; None and False narrow nothing.

    Resolved complaints are there only for who names a number or that state.
    """

    number: str | None = None
    state: ComplaintState | None = None
    section: Section | None = None
    topic: str | None = None
    assigned_to: UUID | None = None
    unassigned: bool = False
    overdue: bool = False
    warned: bool = False

    def conditions(self, now: datetime) -> list[ColumnElement[bool]]:
        named = {name: getattr(self, name) for name in EQUAL}
        further = {
            "unassigned": Complaint.assigned_to.is_(None),
            "overdue": is_overdue(now),
            "warned": Complaint.warned > 0,
        }
        return [
            *(getattr(Complaint, name) == value for name, value in named.items() if value is not None),
            *(condition for name, condition in further.items() if getattr(self, name)),
            *([] if self.number or self.state else [_UNRESOLVED]),
        ]


def is_overdue(now: datetime) -> ColumnElement[bool]:
    """Not resolved in the days of the law, wherever it is by now."""
    return _UNRESOLVED & (Complaint.due_at <= now)


async def rules_on(session: AsyncSession, day: date) -> ComplaintRules:
    query = select(ComplaintRules).where(ComplaintRules.valid_from <= day)
    return (await session.scalars(query.order_by(ComplaintRules.valid_from.desc()).limit(1))).one()


async def topics(session: AsyncSession) -> Sequence[ComplaintTopic]:
    query = select(ComplaintTopic).where(ComplaintTopic.active).order_by(ComplaintTopic.position)
    return (await session.scalars(query)).all()


async def find_topic(session: AsyncSession, code: str, section: Section) -> ComplaintTopic | None:
    query = select(ComplaintTopic).where(ComplaintTopic.code == code, ComplaintTopic.active)
    return await session.scalar(query.where(literal(section) == any_(ComplaintTopic.sections)))


async def is_owner_of_order(session: AsyncSession, order_id: UUID, customer_id: UUID) -> bool:
    query = select(Order.id).where(Order.id == order_id, Order.customer_id == customer_id)
    return await session.scalar(query) is not None


async def find(session: AsyncSession, complaint_id: UUID, *, lock: bool = False) -> Complaint:
    """Raises ``NotFound``."""
    complaint = await session.get(Complaint, complaint_id, with_for_update=lock)
    if complaint is None:
        raise NotFound
    return complaint


async def find_own(
    session: AsyncSession, complaint_id: UUID, customer_id: UUID, *, lock: bool = False
) -> Complaint:
    """Raises ``NotFound`` for what is not this customer's."""
    complaint = await find(session, complaint_id, lock=lock)
    if complaint.customer_id != customer_id:
        raise NotFound
    return complaint


async def of_customer(session: AsyncSession, customer_id: UUID, before: UUID | None) -> Sequence[Complaint]:
    """A page of the customer's complaints, newest first, those older than ``before``."""
    query = select(Complaint).where(Complaint.customer_id == customer_id)
    if before is not None:
        query = query.where(Complaint.id < before)
    return (await session.scalars(query.order_by(Complaint.id.desc()).limit(PAGE))).all()


async def queue(
    session: AsyncSession, wanted: Wanted, now: datetime, after: UUID | None
) -> Sequence[Complaint]:
    """A page of the agents' queue: what is due first comes first."""
    query = select(Complaint).where(*wanted.conditions(now))
    place = tuple_(Complaint.due_at, Complaint.id)
    if after is not None:
        last = select(Complaint.due_at, Complaint.id).where(Complaint.id == after)
        query = query.where(place > last.scalar_subquery())
    return (await session.scalars(query.order_by(Complaint.due_at, Complaint.id).limit(PAGE))).all()


async def messages(session: AsyncSession, complaint_id: UUID) -> Sequence[ComplaintMessage]:
    """Oldest first."""
    query = select(ComplaintMessage).where(ComplaintMessage.complaint_id == complaint_id)
    return (await session.scalars(query.order_by(ComplaintMessage.id))).all()


async def attachments(session: AsyncSession, complaint_id: UUID) -> Sequence[ComplaintAttachment]:
    query = select(ComplaintAttachment).where(ComplaintAttachment.complaint_id == complaint_id)
    return (await session.scalars(query.order_by(ComplaintAttachment.at, ComplaintAttachment.id))).all()
