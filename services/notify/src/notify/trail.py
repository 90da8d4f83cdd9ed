"""What the audit trail says of notify."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from chassis import audit
from chassis.auth import Principal


@dataclass(frozen=True)
class Actor:
    """Who of the staff does something, from which network, when."""

    principal: Principal
    client: str
    at: datetime

    @property
    def id(self) -> UUID:
        return self.principal.subject

    async def note(
        self,
        session: AsyncSession,
        action: str,
        details: Mapping[str, Any],
        *,
        subject: UUID | None = None,
    ) -> None:
        """In the transaction that does it."""
        entry = audit.Entry(
            action=f"notify.{action}",
            actor=self.id,
            subject=subject,
            roles=self.principal.roles,
            client=self.client,
            details=details,
        )
        await audit.record(session, entry, at=self.at)
