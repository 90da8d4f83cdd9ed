"""What changes about orders, for those who listen: the gateway holds the listeners and asks for all of them.

An order's *mark* is its version and the length of its timeline: it differs after every change that a
buyer can see, and costs one look at the primary key.
"""

from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import BaseModel
from sqlalchemy import ARRAY, RowMapping, Text, Uuid, bindparam, text
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.auth import CurrentUser
from chassis.errors import NotFound
from chassis.service import Db
from sales.streams import EVENT_STREAM, STREAM, Known, written

router = APIRouter(tags=["orders"])
internal = APIRouter(include_in_schema=False)

_SEEN = """
    SELECT id, customer_id, state, version, mark, timeline -> -1 ->> 'at' AS at
    FROM orders CROSS JOIN LATERAL (SELECT version || '-' || jsonb_array_length(timeline) AS mark) AS marked
"""
_OWN = text(_SEEN + "WHERE id = :order_id AND customer_id = :customer_id")
_CHANGED = text(
    _SEEN + "JOIN unnest(:ids, :marks) AS known (known_id, known_mark) ON id = known_id"
    " WHERE mark <> known_mark"
).bindparams(bindparam("ids", type_=ARRAY(Uuid)), bindparam("marks", type_=ARRAY(Text)))


class Change(BaseModel):
    """``event`` is what ``customer_id``, whose order it is, gets to read."""

    order_id: UUID
    customer_id: UUID
    mark: str
    event: str


class Changes(BaseModel):
    changed: list[Change]


class OrderEvent(BaseModel):
    """The ``data`` of an event named ``order``; ``at`` is when the newest entry of the timeline was made."""

    order_id: UUID
    state: str
    version: int
    at: str | None


@router.get(
    "/orders/{order_id}/events",
    summary="Listen to my order: an event whenever it changes, the first one at once",
    **STREAM,
)
async def order_events(order_id: UUID, buyer: CurrentUser, db: Db) -> Response:
    async with db.transaction() as session:
        found = await session.execute(_OWN, {"order_id": order_id, "customer_id": buyer.subject})
        row = found.mappings().first()
    if row is None:
        raise NotFound
    return Response(_event(row), media_type=EVENT_STREAM)


@internal.post("/live/orders")
async def changed_orders(question: Known, db: Db) -> Changes:
    """For the gateway, which has asked on behalf of each listener whether the order is theirs."""
    async with db.transaction() as session:
        return Changes(changed=await _changes(session, question))


async def _changes(session: AsyncSession, question: Known) -> list[Change]:
    asked = {"ids": list(question.known), "marks": list(question.known.values())}
    return [
        Change(order_id=row["id"], customer_id=row["customer_id"], mark=row["mark"], event=_event(row))
        for row in (await session.execute(_CHANGED, asked)).mappings()
    ]


def _event(row: RowMapping) -> str:
    data = OrderEvent(order_id=row["id"], state=row["state"], version=row["version"], at=row["at"])
    return written("order", row["mark"], data)
