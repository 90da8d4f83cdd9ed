"""Following an order without logging in."""

from typing import Annotated

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from chassis.client_address import ClientNetwork, client_network
from chassis.crypto import BlindIndex
from chassis.database import Database
from chassis.direct import read_body
from chassis.errors import NotFound
from chassis.service import Db, provided
from events.identity import NATIONAL_CODE
from iran import NationalCode
from sales.context import Context, Ctx
from sales.orders.views import NextStep, TimelineEntry, next_step, public_timeline
from sales.tracking import service

router = APIRouter(tags=["tracking"])
TheIndex = Annotated[BlindIndex, provided(BlindIndex)]


class TrackingRequest(BaseModel):
    """``number`` is of the request, the invitation or the contract, in Persian or Latin digits."""

    model_config = ConfigDict(extra="forbid")

    number: Annotated[str, Field(min_length=1, max_length=40)]
    national_code: NationalCode


class TrackedOrder(BaseModel):
    """What may be shown to who knows both numbers: nothing about the person."""

    request_number: str
    invitation_number: str | None
    contract_number: str | None
    title: str
    state: str
    timeline: list[TimelineEntry]
    next_step: NextStep


@router.post(
    "/tracking",
    summary="Follow an order by number and national code",
    responses={404: {"description": "the same for every miss"}, 429: {"description": "too_many_requests"}},
)
async def track(
    command: TrackingRequest, db: Db, index: TheIndex, context: Ctx, client: ClientNetwork
) -> TrackedOrder:
    indexes = index.all_of(command.national_code, NATIONAL_CODE)
    address = index.of(client, "client_address")
    async with db.transaction() as session:
        found = await service.track(session, command.number, indexes, address, context.clock())
    if found is None:
        raise NotFound
    order = found.order
    return TrackedOrder(
        request_number=order.request_number,
        invitation_number=found.invitation_number,
        contract_number=found.contract_number,
        title=order.title,
        state=order.state,
        timeline=public_timeline(order),
        next_step=next_step(order),
    )


async def handle_tracking(request: Request) -> Response:
    """``track`` without the framework's way to it."""
    provided_ = request.app.state.provided
    client = await client_network(request, request.headers.get("x-client-address"))
    parts = provided_[Database], provided_[BlindIndex], provided_[Context], client
    tracked = await track(await read_body(request, TrackingRequest), *parts)
    return Response(tracked.model_dump_json(), media_type="application/json")
