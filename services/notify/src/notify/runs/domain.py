"""The life of a run, and the hours in which nobody is disturbed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time
from enum import StrEnum

from chassis.errors import Problem
from iran import tehran_time


class RunKind(StrEnum):
    """Whom a run tells: the people of a file, or everybody who entered a draw."""

    FILE = "file"
    DRAW = "draw"


class RunState(StrEnum):
    """``reading``: its file is still to come or to be read. ``ready``: it waits for somebody to start it."""

    READING = "reading"
    READY = "ready"
    RUNNING = "running"
    PAUSED = "paused"
    DONE = "done"
    CANCELLED = "cancelled"


LIVE = frozenset({RunState.READING, RunState.READY, RunState.RUNNING, RunState.PAUSED})

MOVES: Mapping[str, tuple[frozenset[RunState], RunState]] = {
    "read": (frozenset({RunState.READING}), RunState.READY),
    "start": (frozenset({RunState.READY}), RunState.RUNNING),
    "pause": (frozenset({RunState.RUNNING}), RunState.PAUSED),
    "resume": (frozenset({RunState.PAUSED}), RunState.RUNNING),
    "cancel": (LIVE, RunState.CANCELLED),
    "finish": (frozenset({RunState.RUNNING}), RunState.DONE),
}


class IllegalRunMove(Problem):
    status = 409
    code = "illegal_run_move"
    fa = "این کار در وضعیت کنونی این ارسال ممکن نیست."
    en = "The run's present state does not allow this."


class RunEmpty(Problem):
    status = 409
    code = "run_empty"
    fa = "در پرونده‌ی این ارسال گیرنده‌ای نیست."
    en = "The file of this run names nobody to tell."


def moved(state: RunState, move: str) -> RunState:
    """The state after ``move``; raises ``IllegalRunMove`` when it is not allowed now."""
    sources, target = MOVES[move]
    if state not in sources:
        raise IllegalRunMove(move=move)
    return target


@dataclass(frozen=True, slots=True)
class QuietHours:
    """From ``begins`` until ``ends`` (not included) of every night in Tehran; the same twice: never."""

    begins: time
    ends: time

    def include(self, now: datetime) -> bool:
        local = tehran_time(now).time()
        if self.begins <= self.ends:
            return self.begins <= local < self.ends
        return local >= self.begins or local < self.ends
