"""The staff's routes of a car's way to its buyer, and the buyer's view of the car."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends
from pydantic import BaseModel
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import audit
from chassis.auth import CurrentUser, Principal
from chassis.client_address import ClientNetwork
from chassis.idempotency import IdempotencyKey, once
from chassis.imports.api import TheImporter, imports_router
from chassis.permissions import permitted
from chassis.service import Db
from sales.deliveries import queries, service
from sales.deliveries.domain import BuyerNotEligible
from sales.deliveries.rows import DeliveryStep
from sales.deliveries.tables import Car
from sales.orders.tables import Order

Writer = Annotated[Principal, Depends(permitted("deliveries.write"))]


class TakenStep(BaseModel):
    order_id: UUID
    contract_number: str
    state: str


class CarView(BaseModel):
    """A car and the days of its steps, Gregorian."""

    order_id: UUID
    vin: str
    invoice_number: str | None
    plate: str | None
    allocated_on: date
    invoiced_on: date | None
    plated_on: date | None
    sent_to_dealer_on: date | None
    ready_on: date | None
    delivered_on: date | None

    @classmethod
    def of(cls, car: Car) -> "CarView":
        return cls.model_validate(car, from_attributes=True)


router = APIRouter(tags=["orders"])
staff_router = APIRouter(prefix="/staff/deliveries", tags=["staff: deliveries"])
staff_imports = imports_router(
    "/staff/deliveries/imports",
    service.IMPORT.name,
    "deliveries.write",
    "staff: deliveries",
    "sales.deliveries.imported",
)


@router.get("/orders/{order_id}/car", summary="See the car that is allocated to my order")
async def see_car(order_id: UUID, buyer: CurrentUser, db: Db) -> CarView:
    async with db.transaction() as session:
        return CarView.of(await queries.car_of(session, order_id, buyer.subject))


@staff_router.post("/steps", status_code=201, summary="Take a step with the car of one contract")
async def take_step(
    command: DeliveryStep,
    by: Writer,
    db: Db,
    importer: TheImporter,
    client: ClientNetwork,
    key: IdempotencyKey = None,
) -> TakenStep:
    async with db.transaction() as session:
        found_out = await service.void_found_out(session, [command], importer.clock())
    if found_out:
        raise BuyerNotEligible
    async with db.transaction() as session:

        async def take() -> TakenStep:
            order = await service.take(session, command, importer.clock())
            await _note(session, order, by, client, importer)
            return TakenStep(order_id=order.id, contract_number=command.contract_number, state=order.state)

        return await once(session, key, f"{by.subject} delivery step", command, TakenStep, take)


async def _note(
    session: AsyncSession, order: Order, by: Principal, client: str, importer: TheImporter
) -> None:
    entry = audit.Entry(
        action=f"sales.delivery.{order.state}",
        actor=by.subject,
        subject=order.customer_id,
        roles=by.roles,
        client=client,
        details={"order_id": order.id, "version": order.version},
    )
    await audit.record(session, entry, at=importer.clock())
