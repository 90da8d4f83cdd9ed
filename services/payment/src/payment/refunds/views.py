"""How refunds and their batches look."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from payment.refunds.domain import BatchState, RefundState
from payment.refunds.tables import RefundBatch, RefundTransfer


class RefundView(BaseModel):
    """``amount`` is Rial; ``reference`` is the bank's. ``awaiting_account``: the Sheba is not verified."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    order_id: UUID
    amount: int
    reason: str
    state: RefundState
    requested_at: datetime
    due_at: datetime | None
    paid_at: datetime | None
    reference: str | None


class Refunds(BaseModel):
    items: list[RefundView]
    next_cursor: UUID | None = None


class StaffRefundView(RefundView):
    customer_id: UUID


class StaffRefunds(BaseModel):
    items: list[StaffRefundView]
    next_cursor: UUID | None


class TransferView(BaseModel):
    """Where the money of a refund goes; ``outcome`` is null until the bank has answered."""

    model_config = ConfigDict(from_attributes=True)

    refund_id: UUID
    amount: int
    masked_iban: str
    outcome: str | None
    reference: str | None
    reason: str | None


class BatchView(BaseModel):
    """``digest`` is the SHA-256 of the bank's file: what is approved is what the bank gets."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    state: BatchState
    refunds: int
    amount: int
    digest: str
    proposed_by: UUID
    proposed_at: datetime
    decided_by: UUID | None
    decided_at: datetime | None
    settled_at: datetime | None


class OpenedBatch(BatchView):
    transfers: list[TransferView]

    @classmethod
    def of_rows(cls, batch: RefundBatch, rows: list[RefundTransfer]) -> "OpenedBatch":
        transfers = [TransferView.model_validate(row) for row in rows]
        return cls(**BatchView.model_validate(batch).model_dump(), transfers=transfers)


class Batches(BaseModel):
    items: list[BatchView]
    next_cursor: UUID | None
