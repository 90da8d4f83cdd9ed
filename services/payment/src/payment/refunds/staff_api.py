"""Finance pays refunds: one proposes a batch, another approves it, the bank's answers are written down."""

from dataclasses import dataclass
from typing import Annotated, Literal, Self
from uuid import UUID

from fastapi import APIRouter, Depends, Response
from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import audit
from chassis.auth import Principal
from chassis.client_address import ClientNetwork
from chassis.clock import Clock
from chassis.crypto import Keyring
from chassis.idempotency import IdempotencyKey, once
from chassis.permissions import permitted
from chassis.service import Db, provided
from payment.refunds import batches, queries
from payment.refunds.batches import BankAnswer
from payment.refunds.domain import RefundState
from payment.refunds.tables import RefundBatch
from payment.refunds.views import Batches, BatchView, OpenedBatch, StaffRefunds, StaffRefundView


@dataclass(frozen=True)
class RefundDesk:
    """What paying refunds needs of the process."""

    keyring: Keyring
    clock: Clock


router = APIRouter(tags=["staff: refunds"], prefix="/staff")
Reader = Annotated[Principal, Depends(permitted("refunds.read"))]
Payer = Annotated[Principal, Depends(permitted("refunds.pay"))]
Desk = Annotated[RefundDesk, provided(RefundDesk)]
Reference = Annotated[str, Field(min_length=1, max_length=60, pattern=r"^[0-9A-Za-z-]+$")]
Reason = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]+$")]


class Nothing(BaseModel):
    """A request that says nothing beyond its path."""

    model_config = ConfigDict(extra="forbid")


class Answer(BaseModel):
    """``reference`` belongs to what is paid, ``reason`` to what the bank rejected."""

    model_config = ConfigDict(extra="forbid")

    refund_id: UUID
    outcome: Literal["paid", "rejected"]
    reference: Reference | None = None
    reason: Reason | None = None

    @model_validator(mode="after")
    def _says_what_belongs_to_it(self) -> Self:
        if (self.outcome == "paid") is not (self.reference is not None):
            words = {
                "fa": "شماره‌ی پیگیری برای واریزشده‌ها و تنها برای آن‌ها لازم است.",
                "en": "A paid transfer has a reference, a rejected one has none.",
            }
            raise PydanticCustomError("reference", "A paid transfer has a reference.", words)
        return self


class Answers(BaseModel):
    model_config = ConfigDict(extra="forbid")

    items: Annotated[list[Answer], Field(min_length=1, max_length=batches.MOST_REFUNDS)]


async def _note(
    session: AsyncSession, deed: str, batch: RefundBatch, by: Principal, client: str, desk: RefundDesk
) -> None:
    details = {"batch_id": batch.id, "refunds": batch.refunds, "digest": batch.digest}
    entry = audit.Entry(
        action=f"payment.refund_batch.{deed}",
        actor=by.subject,
        roles=by.roles,
        client=client,
        details=details,
    )
    await audit.record(session, entry, at=desk.clock())


@router.get("/refunds", summary="Refunds in a state, the longest waiting first")
async def list_refunds(
    _: Reader, db: Db, state: RefundState = RefundState.READY, cursor: UUID | None = None
) -> StaffRefunds:
    async with db.transaction() as session:
        rows = await queries.in_state(session, state, cursor)
    following = rows[-1].id if len(rows) == queries.PAGE else None
    return StaffRefunds(items=[StaffRefundView.model_validate(row) for row in rows], next_cursor=following)


@router.get("/refund-batches", summary="Batches of refunds, newest first")
async def list_batches(_: Reader, db: Db, cursor: UUID | None = None) -> Batches:
    async with db.transaction() as session:
        rows = await queries.batches(session, cursor)
    following = rows[-1].id if len(rows) == queries.PAGE else None
    return Batches(items=[BatchView.model_validate(row) for row in rows], next_cursor=following)


@router.post("/refund-batches", status_code=201, summary="Propose to pay the refunds that are ready")
async def propose_batch(
    payer: Payer, db: Db, desk: Desk, client: ClientNetwork, key: IdempotencyKey = None
) -> BatchView:
    async with db.transaction() as session:

        async def propose() -> BatchView:
            batch = await batches.propose(session, desk.keyring, payer.subject, desk.clock())
            await _note(session, "proposed", batch, payer, client, desk)
            return BatchView.model_validate(batch)

        return await once(session, key, f"{payer.subject} propose refunds", Nothing(), BatchView, propose)


@router.get("/refund-batches/{batch_id}", summary="Open a batch")
async def open_batch(batch_id: UUID, _: Reader, db: Db) -> OpenedBatch:
    async with db.transaction() as session:
        batch = await batches.find_batch(session, batch_id)
        return OpenedBatch.of_rows(batch, list(await batches.transfers_of(session, batch_id)))


@router.post("/refund-batches/{batch_id}/approval", summary="Approve what a colleague proposed")
async def approve_batch(batch_id: UUID, payer: Payer, db: Db, desk: Desk, client: ClientNetwork) -> BatchView:
    return await _decide(batch_id, "approve", payer, db, desk, client)


@router.post("/refund-batches/{batch_id}/refusal", summary="Refuse what a colleague proposed")
async def refuse_batch(batch_id: UUID, payer: Payer, db: Db, desk: Desk, client: ClientNetwork) -> BatchView:
    return await _decide(batch_id, "refuse", payer, db, desk, client)


async def _decide(
    batch_id: UUID,
    decision: Literal["approve", "refuse"],
    by: Principal,
    db: Db,
    desk: RefundDesk,
    client: str,
) -> BatchView:
    async with db.transaction() as session:
        batch = await batches.decide(session, batch_id, decision, by.subject, desk.clock())
        await _note(session, f"{decision}d", batch, by, client, desk)
        return BatchView.model_validate(batch)


@router.get(
    "/refund-batches/{batch_id}/file",
    summary="Download the bank's file of an approved batch",
    response_class=Response,
    responses={200: {"content": {"text/csv": {}}}},
)
async def download_file(batch_id: UUID, payer: Payer, db: Db, desk: Desk, client: ClientNetwork) -> Response:
    async with db.transaction() as session:
        batch = await batches.find_batch(session, batch_id)
        file = batches.open_file(batch, desk.keyring)
        await _note(session, "downloaded", batch, payer, client, desk)
    disposition = f'attachment; filename="refunds-{batch_id}.csv"'
    headers = {"Content-Disposition": disposition, "Cache-Control": "no-store"}
    return Response(file, media_type="text/csv; charset=utf-8", headers=headers)


@router.post("/refund-batches/{batch_id}/answers", summary="Write down what the bank answered")
async def record_answers(
    batch_id: UUID, command: Answers, payer: Payer, db: Db, desk: Desk, client: ClientNetwork
) -> OpenedBatch:
    answers = [BankAnswer(**answer.model_dump()) for answer in command.items]
    async with db.transaction() as session:
        batch = await batches.record(session, batch_id, answers, desk.clock())
        await _note(session, "answered", batch, payer, client, desk)
        await session.flush()
        return OpenedBatch.of_rows(batch, list(await batches.transfers_of(session, batch_id)))
