"""Passing a contract on: the owner's, the other's and the staff's routes."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Depends
from pydantic import BaseModel, ConfigDict
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.auth import CurrentUser, Principal
from chassis.crypto import BlindIndex
from chassis.idempotency import IdempotencyKey, once
from chassis.permissions import permitted
from chassis.service import Db, provided
from events.identity import NATIONAL_CODE
from iran import NationalCode
from sales.context import Ctx
from sales.deeds import Deeds
from sales.transfers import queries, service
from sales.transfers.tables import Transfer

router = APIRouter(tags=["transfers"])
staff_router = APIRouter(tags=["staff: transfers"], prefix="/staff/transfers")
Reader = Annotated[Principal, Depends(permitted("transfers.read"))]


class TransferRequest(BaseModel):
    """The national code of who is to have the contract; they need an account to accept it."""

    model_config = ConfigDict(extra="forbid")

    national_code: NationalCode


class TransferView(BaseModel):
    transfer_id: UUID
    order_id: UUID
    state: str
    proposed_at: datetime
    expires_at: datetime

    @classmethod
    def of(cls, row: Transfer) -> "TransferView":
        return cls(
            transfer_id=row.id,
            order_id=row.order_id,
            state=row.state,
            proposed_at=row.proposed_at,
            expires_at=row.expires_at,
        )


class MyTransfer(TransferView):
    """``direction``: out, offered by me; in, offered to me. ``price`` is Rial."""

    direction: Literal["out", "in"]
    contract_number: str
    title: str
    price: int


class MyTransfers(BaseModel):
    items: list[MyTransfer]


class StaffTransfer(TransferView):
    contract_number: str
    from_customer_id: UUID
    to_customer_id: UUID | None
    accepted_at: datetime | None


class StaffTransfers(BaseModel):
    items: list[StaffTransfer]


class Transfers(Deeds[Transfer, TransferView, Literal["completed", "refused"]]):
    kind = "transfer"
    view = TransferView

    def details(self, row: Transfer) -> Mapping[str, Any]:
        return {"transfer_id": row.id, "to_customer_id": row.to_customer_id}

    def subject(self, row: Transfer) -> UUID:
        return row.from_customer_id

    async def show(self, session: AsyncSession, row: Transfer) -> TransferView:
        return TransferView.of(row)


Deciding = Annotated[Transfers, Depends(Transfers.of("transfers.decide"))]


@router.post("/orders/{order_id}/transfer", status_code=201, summary="Offer my contract to somebody")
async def propose_transfer(
    order_id: UUID,
    command: TransferRequest,
    owner: CurrentUser,
    db: Db,
    ctx: Ctx,
    index: Annotated[BlindIndex, provided(BlindIndex)],
    key: IdempotencyKey = None,
) -> TransferView:
    async with db.transaction() as session:

        async def propose() -> TransferView:
            indexes = index.all_of(str(command.national_code), NATIONAL_CODE)
            transfer = await service.propose(session, order_id, owner.subject, indexes, ctx.clock())
            return TransferView.of(transfer)

        scope = f"{owner.subject} transfer {order_id}"
        return await once(session, key, scope, command, TransferView, propose)


@router.get("/transfers", summary="What I offered and what was offered to me")
async def list_mine(person: CurrentUser, db: Db) -> MyTransfers:
    async with db.transaction() as session:
        rows = await queries.of_person(session, person.subject)
    return MyTransfers(
        items=[
            MyTransfer(
                **TransferView.of(transfer).model_dump(),
                direction="out" if transfer.from_customer_id == person.subject else "in",
                contract_number=number,
                title=order.title,
                price=order.price,
            )
            for transfer, order, number in rows
        ]
    )


@router.post("/transfers/{transfer_id}/acceptance", summary="Accept a contract that was offered to me")
async def accept_transfer(transfer_id: UUID, person: CurrentUser, db: Db, ctx: Ctx) -> TransferView:
    async with db.transaction() as session:
        return TransferView.of(await service.accept(session, transfer_id, person.subject, ctx.clock()))


@router.post("/transfers/{transfer_id}/refusal", summary="Decline a contract that was offered to me")
async def decline_transfer(transfer_id: UUID, person: CurrentUser, db: Db) -> TransferView:
    async with db.transaction() as session:
        return TransferView.of(await service.end(session, transfer_id, person.subject, "decline"))


@router.post("/transfers/{transfer_id}/withdrawal", summary="Take back what I offered")
async def withdraw_transfer(transfer_id: UUID, owner: CurrentUser, db: Db) -> TransferView:
    async with db.transaction() as session:
        return TransferView.of(await service.end(session, transfer_id, owner.subject, "withdraw"))


@staff_router.get("", summary="Transfers that both sides agreed on")
async def list_waiting(_: Reader, db: Db) -> StaffTransfers:
    async with db.transaction() as session:
        rows = await queries.waiting(session)
    return StaffTransfers(
        items=[
            StaffTransfer(
                **TransferView.of(transfer).model_dump(),
                contract_number=number,
                from_customer_id=transfer.from_customer_id,
                to_customer_id=transfer.to_customer_id,
                accepted_at=transfer.accepted_at,
            )
            for transfer, _, number in rows
        ]
    )


@staff_router.post("/{transfer_id}/approval", summary="Let the contract pass to the other")
async def approve_transfer(transfer_id: UUID, decide: Deciding) -> TransferView:
    by, now = decide.member.subject, decide.context.clock()
    return await decide("completed", lambda session: service.decide(session, transfer_id, "approve", by, now))


@staff_router.post("/{transfer_id}/refusal", summary="Do not let the contract pass")
async def refuse_transfer(transfer_id: UUID, decide: Deciding) -> TransferView:
    by, now = decide.member.subject, decide.context.clock()
    return await decide("refused", lambda session: service.decide(session, transfer_id, "refuse", by, now))
