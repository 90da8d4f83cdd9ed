"""What sales publishes. Amounts are Rial."""

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel

from events.event import Event, Sealed
from events.payment import BillPurpose


class OrderPlaced(Event, name="sales.order_placed.v1", aggregate="order_id"):
    """A car is held for a buyer until ``pay_before``."""

    order_id: UUID
    customer_id: UUID
    plan_id: UUID
    request_number: str
    title: str
    amount: int
    pay_before: datetime


class OrderLapsed(Event, name="sales.order_lapsed.v1", aggregate="order_id"):
    """The deadline passed without payment; the car is free again."""

    order_id: UUID
    customer_id: UUID
    request_number: str


class ContractActivated(Event, name="sales.contract_activated.v1", aggregate="order_id"):
    """The first payment made the order a contract."""

    order_id: UUID
    customer_id: UUID
    request_number: str
    contract_number: str


class PaymentDeclined(Event, name="sales.payment_declined.v1", aggregate="order_id"):
    """A paid bill belongs to an order that can no longer take the money: it must go back."""

    order_id: UUID
    customer_id: UUID
    bill_id: UUID
    payment_id: UUID
    reason: Literal["order_lapsed", "order_cancelled"]


class BillRequested(Event, name="sales.bill_requested.v1", aggregate="bill_id"):
    """The buyer owes ``amount`` until ``due_at``: payment issues the bill under this id.

    A bill that is ``payable_late`` can be paid after it is due, too: the late fee is a bill of its own.
    """

    bill_id: UUID
    order_id: UUID
    customer_id: UUID
    purpose: BillPurpose
    amount: int
    due_at: datetime
    payable_late: bool = False


class BillWithdrawn(Event, name="sales.bill_withdrawn.v1", aggregate="bill_id"):
    """A requested bill is no longer owed: payment cancels it, and gives back what was paid for it."""

    bill_id: UUID
    order_id: UUID
    customer_id: UUID
    reason: Literal["replaced", "invitation_expired", "order_cancelled", "order_voided"]


class RefundRequested(Event, name="sales.refund_requested.v1", aggregate="refund_id"):
    """Money goes back to the buyer's verified Sheba; ``amount`` is with profit and less deductions.

    ``paid`` of it is what the buyer had paid; a refund without any, such as a penalty, is all ``profit``.
    It is to arrive before ``due_at``, where the terms say so.
    """

    refund_id: UUID
    order_id: UUID
    customer_id: UUID
    amount: int
    reason: Literal["order_cancelled", "order_voided", "delay_penalty"]
    paid: int = 0
    profit: int = 0
    deductions: int = 0
    due_at: datetime | None = None


class OrderSettled(Event, name="sales.order_settled.v1", aggregate="order_id"):
    """The whole price of a contract has been paid."""

    order_id: UUID
    customer_id: UUID
    request_number: str
    contract_number: str


class BillPostponed(Event, name="sales.bill_postponed.v1", aggregate="bill_id"):
    """A requested bill may be paid until ``due_at``, which is later than before."""

    bill_id: UUID
    order_id: UUID
    customer_id: UUID
    due_at: datetime


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
    """What became of a transfer, for ``customer_id``: who proposed it or, if its order ended, either side.

    ``declined``: by whom it was offered to. ``refused``: by the staff. ``order_ended``: cancelled or voided.
    """

    transfer_id: UUID
    order_id: UUID
    customer_id: UUID
    contract_number: str
    decision: Literal["completed", "declined", "refused", "expired", "order_ended"]


class OrderTransferred(Event, name="sales.order_transferred.v1", aggregate="order_id"):
    """The contract with all its terms, money and bills belongs to ``customer_id`` now."""

    order_id: UUID
    customer_id: UUID
    from_customer_id: UUID
    transfer_id: UUID
    contract_number: str


class ComplaintFiled(Event, name="sales.complaint_filed.v1", aggregate="complaint_id"):
    """A customer complained; by law they have their answer before ``due_at``."""

    complaint_id: UUID
    customer_id: UUID
    complaint_number: str
    due_at: datetime


class ComplaintAnswered(Event, name="sales.complaint_answered.v1", aggregate="complaint_id"):
    """An agent wrote to the customer, who reads it after logging in."""

    complaint_id: UUID
    customer_id: UUID
    complaint_number: str


class ComplaintEscalated(Event, name="sales.complaint_escalated.v1", aggregate="complaint_id"):
    """The complaint is with the provincial office of the ministry, or with the dispute board."""

    complaint_id: UUID
    customer_id: UUID
    complaint_number: str
    office: Literal["province", "board"]


class ComplaintWarned(Event, name="sales.complaint_warned.v1", aggregate="complaint_id"):
    """The complaint has waited for ``day`` days; its answer is due before ``due_at``.

    ``contact`` is the sealed object ``{mobile}`` of the colleague on call for the section, if there is one.
    """

    complaint_id: UUID
    complaint_number: str
    section: Literal["sales", "after_sales", "dealership"]
    day: int
    due_at: datetime
    contact: Sealed | None


class ComplaintResolved(Event, name="sales.complaint_resolved.v1", aggregate="complaint_id"):
    """An agent closed the complaint; the customer may have it reopened once."""

    complaint_id: UUID
    customer_id: UUID
    complaint_number: str


class _OnItsWay(BaseModel):
    """A step of a car to its buyer, on a day of Tehran."""

    order_id: UUID
    customer_id: UUID
    contract_number: str
    title: str
    on: date


class CarAllocated(_OnItsWay, Event, name="sales.car_allocated.v1", aggregate="order_id"):
    """A car is tied to the contract."""


class CarInvoiced(_OnItsWay, Event, name="sales.car_invoiced.v1", aggregate="order_id"):
    """The invoice of the car is issued; from now on the buyer cannot cancel."""


class CarPlated(_OnItsWay, Event, name="sales.car_plated.v1", aggregate="order_id"):
    """The police gave the car its number."""


class CarSentToDealer(_OnItsWay, Event, name="sales.car_sent_to_dealer.v1", aggregate="order_id"):
    """The car left for the dealership that the buyer chose."""


class CarReady(_OnItsWay, Event, name="sales.car_ready.v1", aggregate="order_id"):
    """The car waits for the buyer at the dealership."""


class CarDelivered(_OnItsWay, Event, name="sales.car_delivered.v1", aggregate="order_id"):
    """The buyer has the car."""


class DelayPenaltyCredited(Event, name="sales.delay_penalty_credited.v1", aggregate="order_id"):
    """The car came late: ``amount`` goes to the buyer's account by the refund of this id."""

    order_id: UUID
    customer_id: UUID
    refund_id: UUID
    contract_number: str
    amount: int


class DrawHeld(Event, name="sales.draw_held.v1", aggregate="plan_id"):
    """The cars of a plan were drawn; the results are there for everybody. Entries counted by outcome."""

    plan_id: UUID
    entries: int
    selected: int
    reserve: int


class Drawn(BaseModel):
    """What the draw says of one entry; ``rank`` is null for one that is neither selected nor in reserve."""

    order_id: UUID
    customer_id: UUID
    request_number: str
    outcome: Literal["selected", "reserve", "not_selected"]
    rank: int | None


class DrawResultsListed(Event, name="sales.draw_results_listed.v1", aggregate="plan_id"):
    """A page of what came of the entries of a plan's draw, whose buyers are told.

    Pages are counted from 1 and are in the order of the orders' ids; ``last`` is the one after which there is
    none. Sales takes the next page up when it hears of the one before.
    """

    plan_id: UUID
    title: str
    page: int
    last: bool
    results: list[Drawn]
