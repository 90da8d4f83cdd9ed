"""Batches: one person of finance proposes, another approves, the bank answers for each refund."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from chassis.crypto import Keyring
from chassis.errors import NotFound
from chassis.four_eyes import AlreadyDecided, decide_by_another
from chassis.logging import get_logger
from chassis.messaging import outbox
from events.payment import RefundPaid
from payment.accounts.queries import shebas
from payment.ledger import service as ledger
from payment.ledger.domain import BANK, REFUNDS, EntryKind
from payment.refunds.domain import (
    AnsweredOtherwise,
    BatchNotApproved,
    BatchState,
    NoRefundReady,
    NotInBatch,
    RefundState,
)
from payment.refunds.tables import FILE, Refund, RefundBatch, RefundTransfer
from payment.refunds.transfer_file import Transfer, transfer_file

MOST_REFUNDS = 1000
log = get_logger(__name__)


@dataclass(frozen=True)
class BankAnswer:
    """What the bank says of one transfer: its ``reference`` when it is paid, else the ``reason``."""

    refund_id: UUID
    outcome: Literal["paid", "rejected"]
    reference: str | None = None
    reason: str | None = None


async def propose(session: AsyncSession, keyring: Keyring, by: UUID, now: datetime) -> RefundBatch:
    """A batch of the refunds that are ready, the longest waiting first; raises ``NoRefundReady``."""
    query = select(Refund).where(Refund.state == RefundState.READY).order_by(Refund.id).limit(MOST_REFUNDS)
    ready = (await session.scalars(query.with_for_update(skip_locked=True))).all()
    places = await shebas(session, keyring, {refund.customer_id for refund in ready})
    chosen = [refund for refund in ready if refund.customer_id in places]
    if not chosen:
        raise NoRefundReady
    transfers = [Transfer(one.id, places[one.customer_id], one.amount) for one in chosen]
    batch = _batch(transfers, keyring, by, now)
    session.add(batch)
    await session.flush()
    session.add_all(_row(batch, transfer) for transfer in transfers)
    for refund in chosen:
        refund.move("propose")
    log.info("payment.refund_batch.proposed", batch_id=batch.id, refunds=batch.refunds)
    return batch


def _batch(transfers: Sequence[Transfer], keyring: Keyring, by: UUID, now: datetime) -> RefundBatch:
    file = transfer_file(transfers)
    return RefundBatch(
        id=uuid7(),
        state=BatchState.PROPOSED,
        refunds=len(transfers),
        amount=sum(transfer.amount for transfer in transfers),
        file=keyring.seal(file, FILE),
        digest=hashlib.sha256(file).hexdigest(),
        proposed_by=by,
        proposed_at=now,
    )


def _row(batch: RefundBatch, transfer: Transfer) -> RefundTransfer:
    return RefundTransfer(
        batch_id=batch.id,
        refund_id=transfer.refund_id,
        amount=transfer.amount,
        masked_iban=transfer.iban.masked,
        open=True,
    )


async def decide(
    session: AsyncSession, batch_id: UUID, decision: Literal["approve", "refuse"], by: UUID, now: datetime
) -> RefundBatch:
    """Approves or refuses what somebody else proposed; raises ``SamePerson`` or ``AlreadyDecided``."""
    batch = await _locked(session, batch_id)
    if batch.state is not BatchState.PROPOSED:
        raise AlreadyDecided
    decide_by_another(by, batch.proposed_by)
    batch.move(decision)
    batch.decided_by, batch.decided_at = by, now
    for transfer, refund in await _pairs(session, batch_id):
        refund.move("approve" if decision == "approve" else "release")
        transfer.open = decision == "approve"
    log.info(f"payment.refund_batch.{batch.state}", batch_id=batch.id)
    return batch


async def record(
    session: AsyncSession, batch_id: UUID, answers: Sequence[BankAnswer], now: datetime
) -> RefundBatch:
    """Writes down the bank's answers; the same answer again changes nothing.

    Raises ``BatchNotApproved``, ``NotInBatch`` or ``AnsweredOtherwise``.
    """
    batch = await _locked(session, batch_id)
    if batch.state not in {BatchState.APPROVED, BatchState.SETTLED}:
        raise BatchNotApproved
    pairs = {refund.id: (transfer, refund) for transfer, refund in await _pairs(session, batch_id)}
    for answer in answers:
        if answer.refund_id not in pairs:
            raise NotInBatch
        await _take(session, *pairs[answer.refund_id], answer, now)
    answered = all(transfer.outcome for transfer, _ in pairs.values())
    if answered and batch.state is BatchState.APPROVED:
        batch.move("settle")
        batch.settled_at = now
    return batch


def open_file(batch: RefundBatch, keyring: Keyring) -> bytes:
    """The file for the bank; raises ``BatchNotApproved`` before two people agree."""
    if batch.state not in {BatchState.APPROVED, BatchState.SETTLED}:
        raise BatchNotApproved
    return keyring.open(batch.file, FILE)


async def find_batch(session: AsyncSession, batch_id: UUID) -> RefundBatch:
    """Raises ``NotFound``."""
    batch = await session.get(RefundBatch, batch_id)
    if batch is None:
        raise NotFound
    return batch


async def transfers_of(session: AsyncSession, batch_id: UUID) -> Sequence[RefundTransfer]:
    query = select(RefundTransfer).where(RefundTransfer.batch_id == batch_id)
    return (await session.scalars(query.order_by(RefundTransfer.refund_id))).all()


async def _locked(session: AsyncSession, batch_id: UUID) -> RefundBatch:
    batch = await session.scalar(select(RefundBatch).where(RefundBatch.id == batch_id).with_for_update())
    if batch is None:
        raise NotFound
    return batch


async def _pairs(session: AsyncSession, batch_id: UUID) -> Sequence[tuple[RefundTransfer, Refund]]:
    query = (
        select(RefundTransfer, Refund)
        .join(Refund, Refund.id == RefundTransfer.refund_id)
        .where(RefundTransfer.batch_id == batch_id)
        .order_by(Refund.id)
        .with_for_update()
    )
    return [(row[0], row[1]) for row in await session.execute(query)]


async def _take(
    session: AsyncSession, transfer: RefundTransfer, refund: Refund, answer: BankAnswer, now: datetime
) -> None:
    if transfer.outcome is not None:
        if (transfer.outcome, transfer.reference) != (answer.outcome, answer.reference):
            raise AnsweredOtherwise
        return
    transfer.open, transfer.outcome = False, answer.outcome
    transfer.reference, transfer.reason = answer.reference, answer.reason
    if answer.outcome == "rejected":
        refund.move("reject")
        log.warning("payment.refund.rejected", refund_id=refund.id)
        return
    refund.move("pay")
    refund.reference, refund.paid_at = answer.reference, now
    await ledger.post_for_refund(
        session,
        EntryKind.REFUND_PAID,
        refund_id=refund.id,
        order_id=refund.order_id,
        postings={REFUNDS: refund.amount, BANK: -refund.amount},
        at=now,
    )
    await outbox.record(session, _paid(refund, now))
    log.info("payment.refund.paid", refund_id=refund.id, order_id=refund.order_id)


def _paid(refund: Refund, now: datetime) -> RefundPaid:
    return RefundPaid(
        version=refund.version,
        refund_id=refund.id,
        order_id=refund.order_id,
        customer_id=refund.customer_id,
        amount=refund.amount,
        reference=refund.reference or "",
        paid_at=now,
    )
