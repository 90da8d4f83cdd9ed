"""The staff's routes of providers' days: see them, look at one again, send in a provider's own report."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends
from pydantic import BaseModel, ConfigDict

from chassis import audit
from chassis.auth import Principal
from chassis.client_address import ClientNetwork
from chassis.days import Day
from chassis.idempotency import IdempotencyKey, once
from chassis.imports.api import imports_router
from chassis.permissions import permitted
from chassis.service import Db
from payment.payments.api import CheckoutDep
from payment.reconciliation import queries, service
from payment.reconciliation.domain import Method
from payment.reconciliation.rows import ProviderDay

TAG = "staff: reconciliation"
router = APIRouter(prefix="/staff/reconciliations", tags=[TAG])
importing = imports_router(
    "/staff/reconciliations/imports",
    service.NAME,
    "reconciliation.write",
    TAG,
    "payment.reconciliation.imported",
)
Reader = Annotated[Principal, Depends(permitted("reconciliation.read"))]
Writer = Annotated[Principal, Depends(permitted("reconciliation.write"))]


class ReconciliationView(BaseModel):
    """``looked_at`` and ``differing`` count payments, or lines of the provider's file."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    provider: str
    day: date
    method: Method
    import_id: UUID | None
    looked_at: int
    differing: int
    begun_at: datetime
    done_at: datetime | None


class Reconciliations(BaseModel):
    items: list[ReconciliationView]
    next_cursor: UUID | None


@router.get("", summary="Providers' days, newest first")
async def list_days(
    _: Reader, db: Db, provider: str | None = None, day: Day | None = None, cursor: UUID | None = None
) -> Reconciliations:
    async with db.transaction() as session:
        rows = await queries.page(session, provider, day, cursor)
    following = rows[-1].id if len(rows) == queries.PAGE else None
    return Reconciliations(
        items=[ReconciliationView.model_validate(row) for row in rows], next_cursor=following
    )


@router.post("", status_code=201, summary="Look at a provider's day again, payment by payment")
async def look_again(
    command: ProviderDay, by: Writer, checkout: CheckoutDep, client: ClientNetwork, key: IdempotencyKey = None
) -> ReconciliationView:
    provider = checkout.providers.named(command.provider)
    async with checkout.database.transaction() as session:

        async def begin() -> ReconciliationView:
            run = await service.look_again(session, provider, command.day, checkout.clock())
            entry = audit.Entry(
                action="payment.reconciliation.begun",
                actor=by.subject,
                roles=by.roles,
                client=client,
                details={"reconciliation_id": run.id},
            )
            await audit.record(session, entry, at=checkout.clock())
            return ReconciliationView.model_validate(run)

        return await once(session, key, f"{by.subject} reconcile", command, ReconciliationView, begin)
