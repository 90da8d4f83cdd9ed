"""Keeping the directory of dealerships."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Depends
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.auth import Principal
from chassis.idempotency import IdempotencyKey
from chassis.imports.api import imports_router
from chassis.permissions import permitted
from chassis.service import Db
from sales.context import Ctx
from sales.dealerships import queries, service
from sales.dealerships.api import Directory, directory
from sales.dealerships.service import DealershipForm
from sales.dealerships.tables import Dealership
from sales.dealerships.views import StaffDealershipView
from sales.deeds import Deeds

router = APIRouter(tags=["staff: dealerships"], prefix="/staff/dealerships")
importing = imports_router(
    "/staff/dealerships/imports",
    service.IMPORT.name,
    "dealerships.write",
    "staff: dealerships",
    "sales.dealerships.imported",
)
Reader = Annotated[Principal, Depends(permitted("dealerships.read"))]
Deed = Literal["added", "changed", "activated", "deactivated"]


class Keeper(Deeds[Dealership, StaffDealershipView, Deed]):
    kind = "dealership"
    view = StaffDealershipView

    def details(self, row: Dealership) -> Mapping[str, Any]:
        return {"dealership_id": row.id, "code": row.code}

    async def show(self, session: AsyncSession, row: Dealership) -> StaffDealershipView:
        return StaffDealershipView.of_row(row, self.context.clock(), await directory(session))


Keeping = Annotated[Keeper, Depends(Keeper.of("dealerships.write"))]


@router.get("", summary="All dealerships, those that are not active too")
async def list_all(_: Reader, db: Db, context: Ctx) -> Directory[StaffDealershipView]:
    async with db.transaction() as session:
        rows, calendar = await queries.all_of_them(session), await directory(session)
    now = context.clock()
    return Directory(items=[StaffDealershipView.of_row(row, now, calendar) for row in rows])


@router.post("", status_code=201, summary="Add a dealership")
async def add(form: DealershipForm, keep: Keeping, key: IdempotencyKey = None) -> StaffDealershipView:
    return await keep.create("added", form, key, lambda session: service.add(session, form))


@router.put("/{dealership_id}", summary="Change a dealership")
async def change(dealership_id: UUID, form: DealershipForm, keep: Keeping) -> StaffDealershipView:
    return await keep("changed", lambda session: service.change(session, dealership_id, form))


@router.post("/{dealership_id}/activation", summary="Put a dealership into the directory again")
async def activate(dealership_id: UUID, keep: Keeping) -> StaffDealershipView:
    return await keep("activated", lambda session: service.activate(session, dealership_id, active=True))


@router.post("/{dealership_id}/deactivation", summary="Take a dealership out of the directory")
async def deactivate(dealership_id: UUID, keep: Keeping) -> StaffDealershipView:
    return await keep("deactivated", lambda session: service.activate(session, dealership_id, active=False))
