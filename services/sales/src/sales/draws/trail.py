"""What the audit trail says of draws."""

from datetime import datetime
from typing import Any, Literal

from sqlalchemy.ext.asyncio import AsyncSession

from chassis import audit
from chassis.auth import Principal
from sales.draws.tables import Draw

Deed = Literal["frozen", "value_entered", "proposed", "started", "aborted"]


async def note(
    session: AsyncSession, deed: Deed, draw: Draw, by: Principal, client: str, now: datetime, **details: Any
) -> None:
    """In the transaction that does it."""
    entry = audit.Entry(
        action=f"sales.draw.{deed}",
        actor=by.subject,
        roles=by.roles,
        client=client,
        details={"plan_id": draw.plan_id, "attempt": draw.attempt, "version": draw.version, **details},
    )
    await audit.record(session, entry, at=now)
