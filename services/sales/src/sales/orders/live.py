"""What changes about orders, for those who listen: the gateway holds the listeners and asks for all of them.

An order's *mark* is its version and the length of its timeline: it differs after every change that a
buyer can see, and costs one look at the primary key.
"""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import ARRAY, RowMapping, Text, Uuid, bindparam, text
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.auth import CurrentUser
from chassis.errors import NotFound
from chassis.json import dumps_text
from chassis.service import Db

EVENT_STREAM = "text/event-stream"
MOST = 5000
RETRY_MILLISECONDS = 3000

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


class Known(BaseModel):
    """The marks of orders as they were told last."""

    model_config = ConfigDict(extra="forbid")

    known: Annotated[dict[UUID, Annotated[str, Field(max_length=40)]], Field(max_length=MOST)]


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
    response_class=Response,
    responses={200: {"content": {EVENT_STREAM: {"schema": {"type": "string"}}}}},
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
    """As it goes over the wire; the mark is in its first line."""
    data = OrderEvent(order_id=row["id"], state=row["state"], version=row["version"], at=row["at"])
    lines = {"id": row["mark"], "event": "order", "retry": RETRY_MILLISECONDS, "data": dumps_text(data)}
    return "".join(f"{name}: {value}\n" for name, value in lines.items()) + "\n"
