"""Keeping the directory of dealerships."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Depends
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import audit
from chassis.auth import Principal
from chassis.client_address import ClientNetwork
from chassis.database import Database
from chassis.idempotency import IdempotencyKey, once
from chassis.imports.api import imports_router
from chassis.permissions import permitted
from chassis.service import Db
from sales.context import Context, Ctx
from sales.dealerships import queries, service
from sales.dealerships.api import Directory, directory
from sales.dealerships.service import DealershipForm
from sales.dealerships.tables import Dealership
from sales.dealerships.views import StaffDealershipView

router = APIRouter(tags=["staff: dealerships"], prefix="/staff/dealerships")
importing = imports_router(
    "/staff/dealerships/imports",
    service.IMPORT.name,
    "dealerships.write",
    "staff: dealerships",
    "sales.dealerships.imported",
)
Reader = Annotated[Principal, Depends(permitted("dealerships.read"))]
Writer = Annotated[Principal, Depends(permitted("dealerships.write"))]
Deed = Literal["added", "changed", "activated", "deactivated"]
Change = Callable[[AsyncSession], Awaitable[Dealership]]


@dataclass(frozen=True)
class Keeper:
    """Changes the directory on behalf of ``writer``."""

    db: Database
    context: Context
    writer: Principal
    client: str

    async def __call__(self, deed: Deed, change: Change) -> StaffDealershipView:
        async with self.db.transaction() as session:
            return await self.keep(session, deed, change)

    async def keep(self, session: AsyncSession, deed: Deed, change: Change) -> StaffDealershipView:
        row = await change(session)
        entry = audit.Entry(
            action=f"sales.dealership.{deed}",
            actor=self.writer.subject,
            roles=self.writer.roles,
            client=self.client,
            details={"dealership_id": row.id, "code": row.code},
        )
        now = self.context.clock()
        await audit.record(session, entry, at=now)
        return StaffDealershipView.of_row(row, now, await directory(session))


async def keeper(writer: Writer, db: Db, context: Ctx, client: ClientNetwork) -> Keeper:
    return Keeper(db, context, writer, client)


Keeping = Annotated[Keeper, Depends(keeper)]


@router.get("", summary="All dealerships, those that are not active too")
async def list_all(_: Reader, db: Db, context: Ctx) -> Directory[StaffDealershipView]:
    async with db.transaction() as session:
        rows, calendar = await queries.all_of_them(session), await directory(session)
    now = context.clock()
    return Directory(items=[StaffDealershipView.of_row(row, now, calendar) for row in rows])


@router.post("", status_code=201, summary="Add a dealership")
async def add(form: DealershipForm, keep: Keeping, key: IdempotencyKey = None) -> StaffDealershipView:
    async with keep.db.transaction() as session:

        async def act() -> StaffDealershipView:
            return await keep.keep(session, "added", lambda session: service.add(session, form))

        scope = f"{keep.writer.subject} add dealership"
        return await once(session, key, scope, form, StaffDealershipView, act)


@router.put("/{dealership_id}", summary="Change a dealership")
async def change(dealership_id: UUID, form: DealershipForm, keep: Keeping) -> StaffDealershipView:
    return await keep("changed", lambda session: service.change(session, dealership_id, form))


@router.post("/{dealership_id}/activation", summary="Put a dealership into the directory again")
async def activate(dealership_id: UUID, keep: Keeping) -> StaffDealershipView:
    return await keep("activated", lambda session: service.activate(session, dealership_id, active=True))


@router.post("/{dealership_id}/deactivation", summary="Take a dealership out of the directory")
async def deactivate(dealership_id: UUID, keep: Keeping) -> StaffDealershipView:
    return await keep("deactivated", lambda session: service.activate(session, dealership_id, active=False))
