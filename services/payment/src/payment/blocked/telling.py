"""Telling sales what banks block, many deposits in an event."""

from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.messaging import outbox
from events.payment import BlockedDepositState, DepositsBlocked

IN_AN_EVENT = 1_000
_DEPOSITS = TypeAdapter(list[BlockedDepositState])


async def tell(session: AsyncSession, list_id: UUID, plan_id: UUID, bank: str, changed: str | None) -> int:
    """``changed`` are deposits as JSON, as PostgreSQL writes them quickly, None for none; how many."""
    deposits = _DEPOSITS.validate_json(changed) if changed else []
    events = (
        DepositsBlocked(version=1, list_id=list_id, plan_id=plan_id, bank=bank, deposits=some)
        for some in (deposits[start : start + IN_AN_EVENT] for start in range(0, len(deposits), IN_AN_EVENT))
    )
    await outbox.record(session, *events)
    return len(deposits)
