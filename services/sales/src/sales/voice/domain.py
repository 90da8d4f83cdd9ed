"""The life of a complaint, and the law's clock on it.

Sources: the bylaw of the law for the protection of car buyers (1395/1/22), article 29: first the supplier,
then the provincial office of the ministry, then the dispute board, which decides within 20 days and whose
decision is carried out within 10. All periods are calendar days of Tehran.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Literal

from chassis.errors import Problem, TooManyRequests
from iran import end_of_day, start_of_day, tehran_date

Section = Literal["sales", "after_sales", "dealership"]
Author = Literal["customer", "care"]
Office = Literal["province", "board"]
Move = Literal["answer", "ask", "write", "resolve", "reopen", "to_province", "to_board", "decide"]


class ComplaintState(StrEnum):
    """Where a complaint is: with the supplier, with its writer, at an office, or at an end."""

    OPEN = "open"
    ANSWERED = "answered"
    AWAITING_CUSTOMER = "awaiting_customer"
    AT_PROVINCE = "at_province"
    AT_BOARD = "at_board"
    DECIDED = "decided"
    RESOLVED = "resolved"


_OPEN, _ANSWERED, _AWAITING = ComplaintState.OPEN, ComplaintState.ANSWERED, ComplaintState.AWAITING_CUSTOMER
_PROVINCE, _BOARD, _DECIDED = ComplaintState.AT_PROVINCE, ComplaintState.AT_BOARD, ComplaintState.DECIDED
_RESOLVED = ComplaintState.RESOLVED

MOVES: Mapping[Move, Mapping[ComplaintState, ComplaintState]] = {
    "answer": {
        _OPEN: _ANSWERED,
        _ANSWERED: _ANSWERED,
        _AWAITING: _ANSWERED,
        _PROVINCE: _PROVINCE,
        _BOARD: _BOARD,
        _DECIDED: _DECIDED,
    },
    "ask": {_OPEN: _AWAITING, _ANSWERED: _AWAITING, _AWAITING: _AWAITING},
    "write": {
        _OPEN: _OPEN,
        _ANSWERED: _OPEN,
        _AWAITING: _OPEN,
        _PROVINCE: _PROVINCE,
        _BOARD: _BOARD,
        _DECIDED: _DECIDED,
    },
    "resolve": dict.fromkeys((_OPEN, _ANSWERED, _AWAITING, _PROVINCE, _BOARD, _DECIDED), _RESOLVED),
    "reopen": {_RESOLVED: _OPEN},
    "to_province": dict.fromkeys((_OPEN, _ANSWERED, _AWAITING, _RESOLVED), _PROVINCE),
    "to_board": {_PROVINCE: _BOARD},
    "decide": {_BOARD: _DECIDED},
}
"""What may be done in which state, and where it leads. Customers write and reopen, care does the rest."""

ON_THE_CLOCK = frozenset({_OPEN, _ANSWERED, _AWAITING, _PROVINCE})
"""States in which the supplier's and the authorities' days are counted; the board has days of its own."""


@dataclass(frozen=True)
class Rules:
    """Periods in calendar days; ``warnings`` are days after the filing, in ascending order."""

    answer_days: int
    warnings: Sequence[int]
    reopen_days: int
    decision_days: int
    execution_days: int

    def due_at(self, filed_at: datetime) -> datetime:
        """The first moment that is too late."""
        return end_of_day(tehran_date(filed_at) + timedelta(days=self.answer_days))

    def next_warning(self, filed_at: datetime, given: int) -> tuple[int, datetime] | None:
        """The first warning after the one of day ``given`` (0 for none): its day, and when it is given."""
        day = next((day for day in self.warnings if day > given), None)
        return None if day is None else (day, start_of_day(tehran_date(filed_at) + timedelta(days=day)))

    def reopens_until(self, resolved_at: datetime) -> datetime:
        return end_of_day(tehran_date(resolved_at) + timedelta(days=self.reopen_days))

    def decision_due(self, registered_on: date) -> date:
        """The last day on which the board may decide what was registered with it."""
        return registered_on + timedelta(days=self.decision_days)

    def execution_due(self, decided_on: date) -> date:
        """The last day on which the board's decision may be carried out."""
        return decided_on + timedelta(days=self.execution_days)


def moved(state: ComplaintState, move: Move) -> ComplaintState:
    """Raises ``IllegalComplaintMove``."""
    after = MOVES[move].get(state)
    if after is None:
        raise IllegalComplaintMove(move=move, state=state)
    return after


class IllegalComplaintMove(Problem):
    status = 409
    code = "illegal_complaint_move"
    fa = "این کار در وضعیت کنونی شکایت ممکن نیست."
    en = "This cannot be done while the complaint is {state}."


class ReopenedOnce(Problem):
    status = 409
    code = "reopened_once"
    fa = "هر شکایت یک بار بازگشایی می‌شود؛ می‌توانید شکایت تازه‌ای ثبت کنید."
    en = "A complaint is reopened once; you may file another one."


class TooLateToReopen(Problem):
    status = 409
    code = "too_late_to_reopen"
    fa = "مهلت بازگشایی این شکایت گذشته است؛ می‌توانید شکایت تازه‌ای ثبت کنید."
    en = "It is too late to reopen this complaint; you may file another one."


class UnknownTopic(Problem):
    status = 422
    code = "unknown_topic"
    fa = "این موضوع در این بخش نیست."
    en = "This section has no such topic."


class NotItsDay(Problem):
    status = 422
    code = "not_its_day"
    fa = "تاریخ باید از {earliest} تا {latest} باشد."
    en = "The date must be from {earliest} to {latest}."


class TooManyComplaints(TooManyRequests):
    code = "too_many_complaints"
    fa = "امروز شکایت‌های زیادی ثبت کرده‌اید؛ {retry_after} ثانیه‌ی دیگر دوباره تلاش کنید."
    en = "You have filed many complaints today; try again in {retry_after} seconds."
