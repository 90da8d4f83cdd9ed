"""Moving a complaint: its state, its clock, its version and its timeline change together."""

from datetime import datetime

from chassis.logging import get_logger
from sales.voice.domain import ON_THE_CLOCK, ComplaintState, Move, Rules, moved
from sales.voice.tables import Complaint

log = get_logger(__name__)


def move(complaint: Complaint, name: Move, now: datetime) -> None:
    """Makes a move of ``domain.MOVES``; the caller has locked the row. Raises ``IllegalComplaintMove``."""
    before = complaint.state
    complaint.state = moved(ComplaintState(before), name)
    complaint.version += 1
    if complaint.state not in ON_THE_CLOCK:
        complaint.warn_at = None
    if complaint.state != before:
        complaint.timeline = [*complaint.timeline, {"state": complaint.state, "at": now.isoformat()}]
        log.info(f"sales.complaint.{complaint.state}", complaint_id=complaint.id)


def wind(complaint: Complaint, rules: Rules, now: datetime) -> None:
    """Starts the clock of the law."""
    complaint.counted_from = now
    complaint.due_at = rules.due_at(now)
    complaint.warned = 0
    plan_warning(complaint, rules)


def plan_warning(complaint: Complaint, rules: Rules) -> None:
    """When the next warning is due; never after the last one."""
    following = rules.next_warning(complaint.counted_from, complaint.warned)
    complaint.warn_at = None if following is None else following[1]
