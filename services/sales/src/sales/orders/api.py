"""The buyer's routes to orders."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field

from chassis.auth import CurrentUser
from chassis.idempotency import IdempotencyKey, fingerprint
from chassis.service import Db, provided
from sales.orders import queries, service
from sales.orders.admission import Admission
from sales.orders.domain import Choice
from sales.orders.views import OrderList, OrderSummary
from sales.plans.api import TheCatalogue

router = APIRouter(tags=["orders"])
TheAdmission = Annotated[Admission, provided(Admission)]


class OrderChoice(BaseModel):
    model_config = ConfigDict(extra="forbid")

    offering_id: UUID
    colour: Annotated[str | None, Field(max_length=120)] = None


class OrderRequest(BaseModel):
    """A first-come plan takes exactly one choice."""

    model_config = ConfigDict(extra="forbid")

    plan_id: UUID
    choices: Annotated[list[OrderChoice], Field(min_length=1, max_length=1)]
    dealership_id: UUID


class PlacedOrder(BaseModel):
    order_id: UUID
    request_number: str
    state: str
    pay_before: datetime


@router.post("/orders", status_code=201, summary="Place an order")
async def place_order(
    command: OrderRequest,
    buyer: CurrentUser,
    catalogue: TheCatalogue,
    admission: TheAdmission,
    key: IdempotencyKey = None,
) -> PlacedOrder:
    wanted = command.choices[0]
    choice = Choice(
        customer_id=buyer.subject,
        plan_id=command.plan_id,
        offering_id=wanted.offering_id,
        dealership_id=command.dealership_id,
        colour=wanted.colour,
        idempotency_key=key,
        fingerprint=fingerprint(command),
    )
    receipt = await service.place(choice, catalogue, admission)
    return PlacedOrder.model_validate(receipt, from_attributes=True)


@router.get("/orders", summary="List my orders, newest first")
async def list_orders(
    buyer: CurrentUser, db: Db, cursor: Annotated[UUID | None, Query()] = None
) -> OrderList:
    async with db.transaction() as session:
        page = await queries.of_customer(session, buyer.subject, cursor)
    following = page[-1].order.id if len(page) == queries.PAGE else None
    return OrderList(items=[OrderSummary.of(details) for details in page], next_cursor=following)


@router.get("/orders/{order_id}", summary="Open one of my orders")
async def open_order(order_id: UUID, buyer: CurrentUser, db: Db) -> OrderSummary:
    async with db.transaction() as session:
        return OrderSummary.of(await queries.find_own(session, order_id, buyer.subject))
