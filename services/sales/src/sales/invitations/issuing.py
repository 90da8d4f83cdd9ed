"""Issuing invitations: the order waits, payment is asked for the bill, the buyer is told."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from chassis.logging import get_logger
from chassis.messaging import outbox
from events.sales import BillRequested, InvitationIssued
from iran import WorkingCalendar
from sales.invitations.domain import InvitationState, Periods, Purpose
from sales.invitations.tables import Invitation
from sales.orders.moving import identity, move, note
from sales.orders.numbers import NumberKind, new_number
from sales.orders.tables import Order
from sales.orders.terms import terms_of

FOR_THE_CAR = ("deposit", "prepayment", "instalment", "principal")
log = get_logger(__name__)


@dataclass(frozen=True)
class Issuer:
    """What all invitations of one moment share."""

    now: datetime
    calendar: WorkingCalendar

    async def issue(
        self,
        session: AsyncSession,
        order: Order,
        purpose: Purpose,
        amount: int,
        previous: Invitation | None = None,
    ) -> Invitation:
        """Asks for ``amount`` (Rial); the caller has locked the order and holds a car for it.

        A ``previous`` invitation is the expired one that this one follows.
        """
        periods = periods_of(order, purpose)
        invitation = Invitation(
            id=uuid7(),
            number=new_number(NumberKind.INVITATION),
            order_id=order.id,
            plan_id=order.plan_id,
            purpose=purpose,
            amount=amount,
            bill_id=uuid7(),
            state=InvitationState.ISSUED,
            working_days=periods.days,
            issued_at=self.now,
            due_at=periods.due_at(self.now, self.calendar),
            previous_id=previous.id if previous else None,
        )
        session.add(invitation)
        self._let_wait(order, invitation)
        await outbox.record(session, *_events(order, invitation))
        log.info("sales.invitation.issued", invitation_id=invitation.id, order_id=order.id)
        return invitation

    def _let_wait(self, order: Order, invitation: Invitation) -> None:
        order.pay_before = invitation.due_at
        if invitation.purpose == "prepayment":
            move(order, "invite", self.now)
        elif invitation.previous_id is not None:
            move(order, "reinstate", self.now)
        else:
            order.version += 1
        note(order, "reassigned" if invitation.previous_id else "invited", self.now)


def rest_of(order: Order, received: Mapping[str, int]) -> int:
    """What is to be paid before delivery: the price less what came for it and, in a sale by instalments, less
    the instalments to come.
    """
    terms = terms_of(order)
    paid = sum(received.get(purpose, 0) for purpose in FOR_THE_CAR)
    scheduled = sum(each.amount for each in terms.schedule) if terms.kind == "instalment" else 0
    return order.price - paid - max(scheduled - received.get("instalment", 0), 0)


def periods_of(order: Order, purpose: Purpose) -> Periods:
    """The order's own: those of the moment when it was placed."""
    periods = terms_of(order).periods
    days = periods.invitation_days if purpose == "prepayment" else periods.settlement_days
    return Periods(days, periods.expiry_months)


def _events(order: Order, invitation: Invitation) -> tuple[BillRequested, InvitationIssued]:
    requested = BillRequested(
        version=1,
        bill_id=invitation.bill_id,
        order_id=order.id,
        customer_id=order.customer_id,
        purpose=invitation.purpose,
        amount=invitation.amount,
        due_at=invitation.due_at,
    )
    issued = InvitationIssued(
        **identity(order),
        invitation_id=invitation.id,
        invitation_number=invitation.number,
        request_number=order.request_number,
        title=order.title,
        purpose=invitation.purpose,
        amount=invitation.amount,
        due_at=invitation.due_at,
        reassigned=invitation.previous_id is not None,
    )
    return requested, issued
