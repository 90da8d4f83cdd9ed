"""Telling sales what banks block, many deposits in an event."""

from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.messaging import outbox
from events.payment import BlockedDepositState, DepositsBlocked

IN_AN_EVENT = 1_000
CHANGED = tuple(BlockedDepositState.model_fields)
"""The columns of a changed deposit, in the order in which statements give them."""


async def tell(
    session: AsyncSession, list_id: UUID, plan_id: UUID, bank: str, changed: Sequence[Row[Any]]
) -> None:
    """``changed`` are rows of ``CHANGED``."""
    events = (
        DepositsBlocked.model_validate(
            {"version": 1, "list_id": list_id, "plan_id": plan_id, "bank": bank, "deposits": some}
        )
        for some in _pages(changed)
    )
    await outbox.record(session, *events)


def _pages(changed: Sequence[Row[Any]]) -> Iterator[list[dict[str, Any]]]:
    for start in range(0, len(changed), IN_AN_EVENT):
        yield [dict(zip(CHANGED, row, strict=True)) for row in changed[start : start + IN_AN_EVENT]]
