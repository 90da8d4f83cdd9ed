"""Proposing, accepting and completing transfers."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from chassis.errors import NotFound
from chassis.logging import get_logger
from chassis.messaging import outbox
from events.sales import OrderTransferred, TransferDecided, TransferProposed
from sales.contracts import addenda
from sales.contracts.tables import Contract
from sales.customers.tables import Customer
from sales.orders.domain import OneOrderPerPlan
from sales.orders.moving import identity, note
from sales.orders.queries import has_live_order
from sales.orders.tables import Order
from sales.orders.terms import terms_of
from sales.transfers import queries
from sales.transfers.domain import (
    Decision,
    TransferOpen,
    TransferRefused,
    TransferState,
    forbidding_rule,
    moved,
)
from sales.transfers.eligibility import check_recipient
from sales.transfers.tables import Transfer

EXPIRE_BATCH = 200
log = get_logger(__name__)
Told = Literal["completed", "declined", "withdrawn", "refused", "expired", "order_ended"]


async def propose(
    session: AsyncSession, order_id: UUID, owner: UUID, indexes: Sequence[str], now: datetime
) -> Transfer:
    """Offers the contract to who has a national code with one of these blind indexes.

    Whether anybody has is not told. Raises ``NotFound``, ``TransferRefused`` or ``TransferOpen``.
    """
    order = await session.get(Order, order_id, with_for_update=True)
    if order is None or order.customer_id != owner:
        raise NotFound
    _check(order)
    if await queries.open_of_order(session, order_id) is not None:
        raise TransferOpen
    recipient = await session.scalar(select(Customer.id).where(Customer.national_code_index.in_(indexes)))
    if recipient == owner:
        raise TransferRefused("another_person")
    transfer = Transfer(
        id=uuid7(),
        order_id=order_id,
        from_customer_id=owner,
        to_customer_id=recipient,
        state=TransferState.PROPOSED,
        proposed_at=now,
        expires_at=now + timedelta(days=terms_of(order).periods.transfer_days),
        version=1,
    )
    session.add(transfer)
    log.info("sales.transfer.proposed", transfer_id=transfer.id, order_id=order_id)
    if recipient is not None:
        await outbox.record(session, await _proposed(session, transfer, recipient))
    return transfer


async def accept(session: AsyncSession, transfer_id: UUID, recipient: UUID, now: datetime) -> Transfer:
    """The other agrees.

    Raises ``NotEligible``, ``OneOrderPerPlan``, ``NotFound`` or ``IllegalTransferMove``.
    """
    transfer, order = await queries.locked(session, transfer_id)
    if transfer.to_customer_id != recipient:
        raise NotFound
    _check(order)
    await _check_recipient(session, order, recipient, now)
    _move(transfer, "accept")
    transfer.accepted_at = now
    return transfer


async def end(
    session: AsyncSession, transfer_id: UUID, person: UUID, move: Literal["withdraw", "decline"]
) -> Transfer:
    """The owner withdraws, or the other declines; whichever did not is told."""
    transfer, _ = await queries.locked(session, transfer_id)
    parties = {"withdraw": transfer.from_customer_id, "decline": transfer.to_customer_id}
    if parties[move] != person:
        raise NotFound
    _move(transfer, move)
    if move == "decline":
        await _tell(session, transfer, "declined", transfer.from_customer_id)
    else:
        await _tell(session, transfer, "withdrawn", transfer.to_customer_id)
    return transfer


async def decide(
    session: AsyncSession, transfer_id: UUID, decision: Decision, by: UUID, now: datetime
) -> Transfer:
    """The staff let the contract pass, or not; what was allowed when it was accepted is looked at again."""
    transfer, order = await queries.locked(session, transfer_id)
    if decision == "approve":
        _check(order)
    _move(transfer, decision)
    transfer.decided_by, transfer.decided_at = by, now
    if decision == "refuse":
        await _tell(session, transfer, "refused", *_parties(transfer))
        return transfer
    assert transfer.to_customer_id is not None, "somebody accepted"
    await _check_recipient(session, order, transfer.to_customer_id, now)
    await _hand_over(session, transfer, order, transfer.to_customer_id, now)
    return transfer


async def expire(session: AsyncSession, now: datetime) -> bool:
    """Ends what was not accepted in time; true when more may be waiting."""
    overdue = await queries.overdue(session, now, EXPIRE_BATCH)
    for transfer in overdue:
        _move(transfer, "expire")
        await _tell(session, transfer, "expired", transfer.from_customer_id)
    return len(overdue) == EXPIRE_BATCH


async def withdraw_of_ended(session: AsyncSession, order_ids: Collection[UUID]) -> None:
    """What was to pass is gone: ends the open transfers of orders that end, and tells both sides."""
    for transfer in await queries.open_of_orders(session, order_ids):
        _move(transfer, "lose_order")
        await _tell(session, transfer, "order_ended", *_parties(transfer))


def _check(order: Order) -> None:
    terms = terms_of(order)
    rule = forbidding_rule(terms.kind, order.state, allowed=terms.transfer_allowed)
    if rule is not None:
        raise TransferRefused(rule)


async def _check_recipient(session: AsyncSession, order: Order, recipient: UUID, now: datetime) -> None:
    if await has_live_order(session, order.plan_id, recipient):
        raise OneOrderPerPlan
    await check_recipient(session, order, recipient, now)


def _move(transfer: Transfer, name: str) -> None:
    transfer.state = moved(transfer.state, name)
    transfer.version += 1
    log.info(f"sales.transfer.{transfer.state}", transfer_id=transfer.id, order_id=transfer.order_id)


async def _hand_over(
    session: AsyncSession, transfer: Transfer, order: Order, recipient: UUID, now: datetime
) -> None:
    """The order's own key of idempotency stays with who used it: it would meet one of the new owner's."""
    contract = (await session.scalars(select(Contract).where(Contract.order_id == order.id))).one()
    order.customer_id = contract.customer_id = recipient
    order.idempotency_key = None
    order.version += 1
    note(order, "transferred", now)
    parties = ({"owner": str(transfer.from_customer_id)}, {"owner": str(recipient)})
    await addenda.append(session, order, "transferred", *parties, now)
    await outbox.record(
        session,
        OrderTransferred(
            **identity(order),
            from_customer_id=transfer.from_customer_id,
            transfer_id=transfer.id,
            contract_number=contract.number,
        ),
    )
    await _tell(session, transfer, "completed", transfer.from_customer_id)


def _parties(transfer: Transfer) -> tuple[UUID | None, UUID | None]:
    return transfer.from_customer_id, transfer.to_customer_id


async def _tell(session: AsyncSession, transfer: Transfer, decision: Told, *people: UUID | None) -> None:
    """None is whom a transfer was offered to that has no account."""
    number = await queries.contract_number(session, transfer.order_id)
    events = [
        TransferDecided(
            version=transfer.version,
            transfer_id=transfer.id,
            order_id=transfer.order_id,
            customer_id=person,
            contract_number=number,
            decision=decision,
        )
        for person in people
        if person is not None
    ]
    await outbox.record(session, *events)


async def _proposed(session: AsyncSession, transfer: Transfer, recipient: UUID) -> TransferProposed:
    return TransferProposed(
        version=transfer.version,
        transfer_id=transfer.id,
        order_id=transfer.order_id,
        customer_id=recipient,
        contract_number=await queries.contract_number(session, transfer.order_id),
        expires_at=transfer.expires_at,
    )
