"""The buyer's routes to orders."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError
from typing_extensions import TypedDict

from chassis.auth import CurrentUser, TokenVerifier, authenticate, bearer_token, unrestricted
from chassis.direct import read_body
from chassis.idempotency import IdempotencyKey, fingerprint
from chassis.service import Db, provided
from chassis.validation import problem_of_model
from sales.draws import queries as draws
from sales.draws.views import ticket
from sales.orders import changing, queries, service
from sales.orders.admission import Admission
from sales.orders.domain import Choice, WantedCar
from sales.orders.views import OrderList, OrderSummary
from sales.plans.api import TheCatalogue
from sales.plans.catalogue import Catalogue
from sales.plans.commands import MAX_CHOICES
from sales.plans.domain import ORDINARY, ApplicantClass

TheAdmission = Annotated[Admission, provided(Admission)]
_Headers = TypedDict("_Headers", {"Idempotency-Key": IdempotencyKey})
_KEY = TypeAdapter(_Headers)


class OrderChoice(BaseModel):
    model_config = ConfigDict(extra="forbid")

    offering_id: UUID
    colour: Annotated[str | None, Field(max_length=120)] = None


class OrderRequest(BaseModel):
    """Up to the plan's ``max_choices``, in the order of preference; a first-come plan takes exactly one."""

    model_config = ConfigDict(extra="forbid")

    plan_id: UUID
    choices: Annotated[list[OrderChoice], Field(min_length=1, max_length=MAX_CHOICES)]
    dealership_id: UUID
    applicant_class: ApplicantClass = ORDINARY


class OrderChange(BaseModel):
    """What is not given stays as it is."""

    model_config = ConfigDict(extra="forbid")

    colour: Annotated[str | None, Field(min_length=1, max_length=120)] = None
    dealership_id: UUID | None = None


class PlacedOrder(BaseModel):
    """Without ``pay_before`` the order waits for the plan's draw."""

    order_id: UUID
    request_number: str
    state: str
    pay_before: datetime | None


router = APIRouter(tags=["orders"])


@router.post("/orders", status_code=201, summary="Place an order")
async def place_order(
    command: OrderRequest,
    buyer: CurrentUser,
    catalogue: TheCatalogue,
    admission: TheAdmission,
    key: IdempotencyKey = None,
) -> PlacedOrder:
    choice = Choice(
        customer_id=buyer.subject,
        plan_id=command.plan_id,
        choices=tuple(WantedCar(wanted.offering_id, wanted.colour) for wanted in command.choices),
        dealership_id=command.dealership_id,
        applicant_class=command.applicant_class,
        idempotency_key=key,
        fingerprint=fingerprint(command),
    )
    receipt = await service.place(choice, catalogue, admission)
    return PlacedOrder.model_validate(receipt, from_attributes=True)


async def handle_order(request: Request) -> Response:
    """``place_order`` without the framework's way to it."""
    provided_ = request.app.state.provided
    buyer = unrestricted(await authenticate(provided_[TokenVerifier], bearer_token(request)))
    command = await read_body(request, OrderRequest)
    placed = await place_order(command, buyer, provided_[Catalogue], provided_[Admission], _key(request))
    return Response(placed.model_dump_json(), 201, media_type="application/json")


def _key(request: Request) -> str | None:
    try:
        headers = _KEY.validate_python({"Idempotency-Key": request.headers.get("idempotency-key")})
    except ValidationError as error:
        raise problem_of_model(error) from None
    return headers["Idempotency-Key"]


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
        opened = OrderSummary.of(await queries.find_own(session, order_id, buyer.subject))
        drawn = await draws.entry_and_result(session, order_id)
    return opened.model_copy(update={"draw": ticket(*drawn)}) if drawn is not None else opened


@router.patch("/orders/{order_id}", summary="Change the colour or the dealership of my order")
async def change_order(
    order_id: UUID, command: OrderChange, buyer: CurrentUser, db: Db, catalogue: TheCatalogue
) -> OrderSummary:
    wish = changing.Wish(command.colour, command.dealership_id)
    async with db.transaction() as session:
        await changing.change(session, order_id, buyer.subject, wish, catalogue.now())
        await session.flush()
        return OrderSummary.of(await queries.find_own(session, order_id, buyer.subject))
