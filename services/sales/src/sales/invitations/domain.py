"""The life of an invitation: paid in time, or expired, then asked for again or given up.

Source: the makers' rules on the invitation to complete payment; every period is the order's terms.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Literal

from chassis.errors import Problem
from iran import WorkingCalendar, add_jalali_months, end_of_day, tehran_date, working_deadline

Purpose = Literal["prepayment", "principal"]
"""``prepayment``: the first payment of who was drawn. ``principal``: the rest, before the delivery."""


class InvitationState(StrEnum):
    """``withdrawn``: its order ended; ``given_up``: nobody asked for the car again in time."""

    ISSUED = "issued"
    PAID = "paid"
    EXPIRED = "expired"
    REASSIGNED = "reassigned"
    WITHDRAWN = "withdrawn"
    GIVEN_UP = "given_up"


_S = InvitationState
MOVES = {
    (_S.ISSUED, "pay"): _S.PAID,
    (_S.ISSUED, "expire"): _S.EXPIRED,
    (_S.ISSUED, "withdraw"): _S.WITHDRAWN,
    (_S.EXPIRED, "reassign"): _S.REASSIGNED,
    (_S.EXPIRED, "give_up"): _S.GIVEN_UP,
    (_S.EXPIRED, "withdraw"): _S.WITHDRAWN,
}


class IllegalInvitationMove(Exception):
    """The invitation's state does not allow this move."""


def moved(state: str, move: str) -> InvitationState:
    """The state after ``move``; raises ``IllegalInvitationMove``."""
    target = MOVES.get((InvitationState(state), move))
    if target is None:
        raise IllegalInvitationMove(f"{move} from {state}")
    return target


@dataclass(frozen=True, slots=True)
class Periods:
    """``days`` working days to pay; ``months`` after the expiry in which the car may be asked for again."""

    days: int
    months: int

    def due_at(self, issued_at: datetime, calendar: WorkingCalendar) -> datetime:
        """The moment at which the last working day is over in Tehran."""
        return working_deadline(issued_at, self.days, calendar)

    def gives_up_at(self, expired_at: datetime) -> datetime:
        """When an expired invitation becomes a cancellation by itself."""
        return end_of_day(add_jalali_months(tehran_date(expired_at), self.months))


def postponed(due_at: datetime, recomputed: datetime) -> datetime:
    """A deadline that a person was told moves later only."""
    return max(due_at, recomputed)


class NotReassignable(Problem):
    status = 409
    code = "not_reassignable"
    fa = "واگذاری مجدد تنها پس از گذشتن مهلت دعوتنامه ممکن است."
    en = "A car can be asked for again only after its invitation has expired."

    def __init__(self, state: str) -> None:
        super().__init__(rule="invitation_expired", state=state)


class ReassignmentNotAllowed(Problem):
    status = 409
    code = "reassignment_not_allowed"
    fa = "در این طرح واگذاری مجدد پیش‌بینی نشده است."
    en = "This plan does not provide for reassignment."


class InvitationRunning(Problem):
    status = 409
    code = "invitations_under_way"
    fa = "دعوت متقاضیان این طرح در جریان است."
    en = "The invitations of this plan are being issued."
