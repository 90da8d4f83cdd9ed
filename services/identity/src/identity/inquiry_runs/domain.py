"""The life of a run: a list of customers asked about anew."""

from enum import StrEnum

from chassis.errors import Problem


class RunState(StrEnum):
    RUNNING = "running"
    PAUSED = "paused"
    DONE = "done"
    CANCELLED = "cancelled"


MOVES = {
    "pause": (frozenset({RunState.RUNNING}), RunState.PAUSED),
    "resume": (frozenset({RunState.PAUSED}), RunState.RUNNING),
    "cancel": (frozenset({RunState.RUNNING, RunState.PAUSED}), RunState.CANCELLED),
    "finish": (frozenset({RunState.RUNNING}), RunState.DONE),
}


class IllegalRunMove(Problem):
    status = 409
    code = "illegal_run_move"
    fa = "این کار در وضعیت کنونی این بازبینی ممکن نیست."
    en = "The run's present state does not allow this."


class RunInProgress(Problem):
    status = 409
    code = "run_in_progress"
    fa = "بازبینی دیگری در جریان است؛ آن را به پایان برسانید یا لغو کنید."
    en = "Another run is in progress; let it end or cancel it."


def moved(state: str, move: str) -> RunState:
    """The state after ``move``; raises ``IllegalRunMove`` when it is not allowed now."""
    sources, target = MOVES[move]
    if state not in sources:
        raise IllegalRunMove(move=move)
    return target
