"""What the audit trail says of staff and complaints."""

from datetime import datetime
from typing import Literal

from sqlalchemy.ext.asyncio import AsyncSession

from chassis import audit
from chassis.auth import Principal
from sales.voice.tables import Complaint

Deed = Literal[
    "viewed",
    "taken",
    "given_back",
    "answered",
    "resolved",
    "escalated",
    "decided",
    "attached",
    "attachment_viewed",
]


async def note(
    session: AsyncSession, deed: Deed, complaint: Complaint, agent: Principal, client: str, now: datetime
) -> None:
    """In the transaction that does it; the customer is the subject."""
    entry = audit.Entry(
        action=f"sales.complaint.{deed}",
        actor=agent.subject,
        subject=complaint.customer_id,
        roles=agent.roles,
        client=client,
        details={"complaint_id": complaint.id, "version": complaint.version},
    )
    await audit.record(session, entry, at=now)
