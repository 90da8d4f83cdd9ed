"""Following an order without logging in."""

from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from chassis.crypto import BlindIndex
from chassis.errors import NotFound
from chassis.service import Db, provided
from events.identity import NATIONAL_CODE
from iran import NationalCode
from sales.orders import queries
from sales.orders.numbers import parse_number
from sales.orders.views import NextStep, TimelineEntry, next_step, timeline

router = APIRouter(tags=["tracking"])


class TrackingRequest(BaseModel):
    """``number`` is a request or contract number, in Persian or Latin digits."""

    model_config = ConfigDict(extra="forbid")

    number: Annotated[str, Field(min_length=1, max_length=40)]
    national_code: NationalCode


class TrackedOrder(BaseModel):
    """What may be shown to who knows both numbers: nothing about the person."""

    request_number: str
    contract_number: str | None
    title: str
    state: str
    timeline: list[TimelineEntry]
    next_step: NextStep


@router.post("/tracking", summary="Follow an order by number and national code")
async def track(
    command: TrackingRequest, db: Db, index: Annotated[BlindIndex, provided(BlindIndex)]
) -> TrackedOrder:
    number = parse_number(command.number)
    if number is None:
        raise NotFound
    async with db.transaction() as session:
        indexes = index.all_of(command.national_code, NATIONAL_CODE)
        found = await queries.find_by_number(session, number, indexes)
    if found is None:
        raise NotFound
    return TrackedOrder(
        request_number=found.order.request_number,
        contract_number=found.contract_number,
        title=found.order.title,
        state=found.order.state,
        timeline=timeline(found.order),
        next_step=next_step(found.order),
    )
