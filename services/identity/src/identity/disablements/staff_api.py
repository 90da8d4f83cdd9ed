"""Disabling and enabling accounts."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends
from pydantic import BaseModel, ConfigDict

from chassis.auth import Principal
from chassis.service import Db
from identity.client import ClientNetwork
from identity.context import Ctx
from identity.disablements import service
from identity.disablements.service import Reason
from identity.staff.access import permitted

router = APIRouter(prefix="/staff/customers/{customer_id}/disablement", tags=["staff"])
Disabler = Annotated[Principal, Depends(permitted("customers.disable"))]

PROBLEMS: dict[int | str, dict[str, Any]] = {
    401: {"description": "unauthenticated, session_ended"},
    403: {"description": "forbidden"},
    404: {"description": "no such customer"},
}


class Disablement(BaseModel):
    model_config = ConfigDict(extra="forbid")

    reason: Reason


@router.post(
    "",
    status_code=204,
    summary="Disable an account",
    responses={**PROBLEMS, 409: {"description": "already_disabled, own_account, last_admin"}},
)
async def disable(
    customer_id: UUID, body: Disablement, actor: Disabler, db: Db, context: Ctx, client: ClientNetwork
) -> None:
    """All sessions end and all devices are forgotten; access tokens are refused within a minute."""
    async with db.transaction() as session:
        await service.disable(session, context, actor, client, customer_id, body.reason)


@router.delete(
    "",
    status_code=204,
    summary="Enable an account again",
    responses={**PROBLEMS, 409: {"description": "not_disabled"}},
)
async def enable(customer_id: UUID, actor: Disabler, db: Db, context: Ctx, client: ClientNetwork) -> None:
    async with db.transaction() as session:
        await service.enable(session, context, actor, client, customer_id)
