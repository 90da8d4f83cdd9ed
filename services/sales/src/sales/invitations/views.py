"""How invitations and their runs look."""

from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel

from sales.invitations.tables import Invitation, InvitationRun


class InvitationView(BaseModel):
    """``amount`` is Rial; pay it until ``due_at``."""

    invitation_number: str
    order_id: UUID
    bill_id: UUID
    purpose: str
    amount: int
    state: str
    issued_at: datetime
    due_at: datetime
    asks_until: datetime | None

    @classmethod
    def of(cls, row: Invitation) -> "InvitationView":
        return cls(
            invitation_number=row.number,
            order_id=row.order_id,
            bill_id=row.bill_id,
            purpose=row.purpose,
            amount=row.amount,
            state=row.state,
            issued_at=row.issued_at,
            due_at=row.due_at,
            asks_until=row.gives_up_at,
        )


class InvitationList(BaseModel):
    items: list[InvitationView]


class RunView(BaseModel):
    """``skipped`` were not in a state to be invited."""

    run_id: UUID
    plan_id: UUID
    purpose: str
    offering_id: UUID | None
    delivered_from: date | None
    delivered_until: date | None
    requested_at: datetime
    issued: int
    skipped: int
    finished_at: datetime | None

    @classmethod
    def of(cls, run: InvitationRun) -> "RunView":
        return cls(
            run_id=run.id,
            plan_id=run.plan_id,
            purpose=run.purpose,
            offering_id=run.offering_id,
            delivered_from=run.delivered_from,
            delivered_until=run.delivered_until,
            requested_at=run.requested_at,
            issued=run.issued,
            skipped=run.skipped,
            finished_at=run.finished_at,
        )


class RunList(BaseModel):
    items: list[RunView]
