"""Moving an invitation to its next state."""

from datetime import datetime

from chassis.logging import get_logger
from sales.invitations.domain import moved
from sales.invitations.tables import Invitation

log = get_logger(__name__)


def move(invitation: Invitation, name: str, now: datetime) -> None:
    """Makes the move of ``domain.MOVES``; the order is locked. Raises ``IllegalInvitationMove``."""
    invitation.state = moved(invitation.state, name)
    invitation.ended_at = now
    log.info(
        f"sales.invitation.{invitation.state}", invitation_id=invitation.id, order_id=invitation.order_id
    )
