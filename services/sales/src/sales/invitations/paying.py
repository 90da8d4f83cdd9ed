"""Whether the money of a bill is that of an invitation which still stands."""

from collections.abc import Mapping
from datetime import datetime
from functools import partial

from sqlalchemy.ext.asyncio import AsyncSession

from events.payment import BillPaid, BillPurpose
from sales.invitations import queries
from sales.invitations.domain import InvitationState
from sales.invitations.moving import move
from sales.invitations.tables import Invitation
from sales.orders.purchase import Step
from sales.orders.tables import Order


def minding_invitations(steps: Mapping[BillPurpose, Step]) -> dict[BillPurpose, Step]:
    """The same steps, except that an invitation's bill counts only while it is issued, and pays it."""
    return {purpose: partial(_mindful, step) for purpose, step in steps.items()}


async def _mindful(step: Step, session: AsyncSession, order: Order, payment: BillPaid, now: datetime) -> bool:
    invitations = await queries.of_order(session, order.id)
    invitation = next((one for one in invitations if one.bill_id == payment.bill_id), None)
    if not _may_count(invitation, bool(invitations), payment):
        return False
    taken = await step(session, order, payment, now)
    if taken and invitation is not None:
        move(invitation, "pay", now)
    return taken


def _may_count(invitation: Invitation | None, invited: bool, payment: BillPaid) -> bool:
    """An order that was invited takes its first payment by invitation only."""
    if invitation is None:
        return not (invited and payment.purpose == "prepayment")
    return invitation.state == InvitationState.ISSUED
