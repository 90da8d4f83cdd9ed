"""Invitations, and how an order ends or changes hands. Amounts are Rial."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from events.event import Event
from events.payment import BillPurpose


class InvitationIssued(Event, name="sales.invitation_issued.v1", aggregate="order_id"):
    """The buyer is asked to pay ``amount`` until ``due_at``; ``reassigned``: for the car, asked for again."""

    order_id: UUID
    customer_id: UUID
    invitation_id: UUID
    invitation_number: str
    request_number: str
    title: str
    purpose: BillPurpose
    amount: int
    due_at: datetime
    reassigned: bool


class InvitationPostponed(Event, name="sales.invitation_postponed.v1", aggregate="order_id"):
    """A day turned out to be none of work: the invitation may be paid until ``due_at``."""

    order_id: UUID
    customer_id: UUID
    invitation_id: UUID
    invitation_number: str
    due_at: datetime


class InvitationExpired(Event, name="sales.invitation_expired.v1", aggregate="order_id"):
    """The deadline passed: the car went to somebody else; until ``asks_until`` it may be asked for again."""

    order_id: UUID
    customer_id: UUID
    invitation_id: UUID
    invitation_number: str
    asks_until: datetime


class OrderCancelled(Event, name="sales.order_cancelled.v1", aggregate="order_id"):
    """The order is over, its bills are void and ``refund`` (0: nothing was paid) goes back.

    ``expired`` says that nobody asked for the car again after the invitation expired.
    """

    order_id: UUID
    customer_id: UUID
    request_number: str
    refund: int
    reason: Literal["buyer", "expired"]


class OrderVoided(Event, name="sales.order_voided.v1", aggregate="order_id"):
    """The buyer turned out not to be eligible by ``rule``: the order is over and ``refund`` goes back."""

    order_id: UUID
    customer_id: UUID
    request_number: str
    refund: int
    rule: str


class TransferProposed(Event, name="sales.transfer_proposed.v1", aggregate="transfer_id"):
    """The owner of a contract offers it to ``customer_id``, who may accept it until ``expires_at``."""

    transfer_id: UUID
    order_id: UUID
    customer_id: UUID
    contract_number: str
    expires_at: datetime


class TransferDecided(Event, name="sales.transfer_decided.v1", aggregate="transfer_id"):
    """What became of a transfer, for ``customer_id``: each side that did not do it and has not been told yet.

    ``declined``: by whom it was offered to. ``withdrawn``: by who offered it. ``refused``: by the staff.
    ``order_ended``: cancelled or voided. Of ``completed`` only who offered it hears here.
    """

    transfer_id: UUID
    order_id: UUID
    customer_id: UUID
    contract_number: str
    decision: Literal["completed", "declined", "withdrawn", "refused", "expired", "order_ended"]


class OrderTransferred(Event, name="sales.order_transferred.v1", aggregate="order_id"):
    """The contract with all its terms, money and bills belongs to ``customer_id`` now."""

    order_id: UUID
    customer_id: UUID
    from_customer_id: UUID
    transfer_id: UUID
    contract_number: str
