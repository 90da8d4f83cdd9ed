"""Telling sales what banks block, many deposits in an event."""

from collections.abc import Iterator, Sequence
from itertools import islice
from uuid import UUID

from sqlalchemy import RowMapping
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.messaging import outbox
from events.payment import BlockedDepositState, DepositsBlocked

IN_AN_EVENT = 1_000


async def tell(
    session: AsyncSession, list_id: UUID, plan_id: UUID, bank: str, changed: Sequence[RowMapping]
) -> None:
    """``changed`` have ``customer_id, amount, blocked_on, live, version``."""
    states = (BlockedDepositState.model_construct(**row) for row in changed)
    events = (
        DepositsBlocked.model_construct(version=1, list_id=list_id, plan_id=plan_id, bank=bank, deposits=some)
        for some in _pages(states)
    )
    await outbox.record(session, *events)


def _pages(states: Iterator[BlockedDepositState]) -> Iterator[list[BlockedDepositState]]:
    while some := list(islice(states, IN_AN_EVENT)):
        yield some
