"""What the audit trail says of plans."""

from datetime import datetime
from typing import Literal

from sqlalchemy.ext.asyncio import AsyncSession

from chassis import audit
from chassis.auth import Principal
from sales.plans.tables import Plan

Deed = Literal[
    "drafted", "copied", "rewritten", "published", "paused", "resumed", "handed_over", "closed", "archived"
]


async def note(
    session: AsyncSession, deed: Deed, plan: Plan, writer: Principal, client: str, now: datetime
) -> None:
    """In the transaction that does it."""
    entry = audit.Entry(
        action=f"sales.plan.{deed}",
        actor=writer.subject,
        roles=writer.roles,
        client=client,
        details={"plan_id": plan.id, "circular": plan.circular, "version": plan.version},
    )
    await audit.record(session, entry, at=now)
