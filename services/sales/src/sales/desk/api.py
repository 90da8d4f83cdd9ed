"""The dealer's and the operator's desk."""

from datetime import datetime
from typing import Annotated, Any, Self
from uuid import UUID

from fastapi import APIRouter, Depends
from pydantic import BaseModel, ConfigDict, Field, model_validator

from chassis.auth import Principal
from chassis.client_address import ClientNetwork
from chassis.permissions import permitted
from chassis.service import Db
from chassis.validation import wrong_value
from iran import NationalCode
from sales.context import Ctx
from sales.desk import service
from sales.desk.service import Colleague, Purpose, Search
from sales.orders.queries import OrderDetails
from sales.orders.views import NextStep, TimelineEntry, next_step, timeline
from sales.tracking.api import TheIndex

router = APIRouter(tags=["staff: desk"], prefix="/staff/desk")
Looker = Annotated[Principal, Depends(permitted("desk.lookup"))]
PROBLEMS: dict[int | str, dict[str, Any]] = {
    403: {"description": "forbidden, no_dealership, not_by_customer_id"},
    429: {"description": "too_many_lookups"},
}
NAMES: tuple[service.By, ...] = ("national_code", "number", "customer_id")


class LookUp(BaseModel):
    """One of: the national code, any number of the order, or the account (found by mobile in identity)."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    national_code: NationalCode | None = None
    number: Annotated[str | None, Field(min_length=1, max_length=40)] = None
    customer_id: UUID | None = None
    purpose: Purpose = "customer_service"

    @model_validator(mode="after")
    def _exactly_one(self) -> Self:
        if sum(getattr(self, name) is not None for name in NAMES) != 1:
            raise wrong_value("exactly_one", "یک چیز برای جست‌وجو بدهید.", "Give one thing to look for.")
        return self

    @property
    def search(self) -> Search:
        by = next(name for name in NAMES if getattr(self, name) is not None)
        return Search(by, str(getattr(self, by)), self.purpose)


class DeskOrder(BaseModel):
    """Money in Rial. Who the customer is, identity tells those who may know."""

    order_id: UUID
    customer_id: UUID
    request_number: str
    invitation_number: str | None
    contract_number: str | None
    title: str
    colour: str | None
    price: int
    state: str
    placed_at: datetime
    dealership: str | None
    timeline: list[TimelineEntry]
    next_step: NextStep

    @classmethod
    def of(cls, details: OrderDetails) -> Self:
        order = details.order
        return cls(
            order_id=order.id,
            customer_id=order.customer_id,
            request_number=order.request_number,
            invitation_number=details.invitation_number,
            contract_number=details.contract_number,
            title=order.title,
            colour=order.colour,
            price=order.price,
            state=order.state,
            placed_at=order.placed_at,
            dealership=details.dealership.name if details.dealership else None,
            timeline=timeline(order),
            next_step=next_step(order),
        )


class DeskOrders(BaseModel):
    items: list[DeskOrder]


@router.post("/lookups", summary="Look up the orders of who is asking", responses=PROBLEMS)
async def look_up(
    command: LookUp, looker: Looker, db: Db, context: Ctx, index: TheIndex, client: ClientNetwork
) -> DeskOrders:
    """A dealer sees the orders of their own dealership. Every look is in the audit trail."""
    async with db.transaction() as session:
        colleague = Colleague(looker, client)
        found = await service.look_up(session, context, index, colleague, command.search)
    return DeskOrders(items=[DeskOrder.of(details) for details in found])
