"""The life of a sales plan.

Staff move its stage; whether a published plan is open is a matter of the clock alone, so it opens
and closes by itself to the second, on every process at once.
"""

from datetime import datetime
from enum import StrEnum
from typing import Literal
from uuid import UUID

from chassis.errors import Problem

PlanKind = Literal["immediate", "pre_sale", "participation", "instalment", "power_of_attorney"]
PlanMethod = Literal["first_come", "draw"]
PlanState = Literal["draft", "published", "open", "paused", "closed", "archived"]
ApplicantClass = Literal["ordinary", "family_youth", "scrap_replacement", "veterans"]
QuotaLevel = Literal["class", "dealership", "colour"]
ORDINARY: ApplicantClass = "ordinary"
QuotaKey = tuple[UUID, QuotaLevel, str]
"""The offering, the level and the key of a row of ``quotas``."""


class Stage(StrEnum):
    DRAFT = "draft"
    PUBLISHED = "published"
    ARCHIVED = "archived"


MOVES = {
    "publish": (Stage.DRAFT, Stage.PUBLISHED),
    "archive": (Stage.PUBLISHED, Stage.ARCHIVED),
}


class IllegalPlanMove(Problem):
    status = 409
    code = "illegal_plan_move"
    fa = "این کار در وضعیت کنونی طرح ممکن نیست."
    en = "The plan's present state does not allow this."


class PlanNotOpen(Problem):
    status = 409
    code = "plan_not_open"
    fa = "این طرح اکنون باز نیست."
    en = "This plan is not open now."


class PlanPaused(Problem):
    status = 409
    code = "plan_paused"
    fa = "فروش این طرح موقتاً متوقف شده است."
    en = "The sale of this plan is paused."


class PlanJustOpened(Problem):
    status = 409
    code = "plan_just_opened"
    fa = "طرح در همین لحظه باز شده است؛ لحظه‌ای دیگر آن را ببندید."
    en = "The plan opened this very instant; close it an instant later."


class PlanFaulty(Problem):
    """``errors`` are the faults; a draft may have them, a published plan may not."""

    status = 422
    code = "plan_faulty"
    fa = "این طرح ایرادهایی دارد و منتشر نمی‌شود."
    en = "The plan has faults and is not published."


class PlanAlreadyOver(Problem):
    status = 409
    code = "plan_already_over"
    fa = "زمان بسته شدن طرح گذشته است."
    en = "The plan's closing time has passed."


class CircularTaken(Problem):
    status = 409
    code = "circular_taken"
    fa = "بخشنامه‌ای با این شماره وجود دارد."
    en = "A circular with this number exists."


def moved(stage: str, move: str) -> Stage:
    """The stage after ``move``; raises ``IllegalPlanMove`` when it is not allowed now."""
    source, target = MOVES[move]
    if stage != source:
        raise IllegalPlanMove(move=move)
    return target


def state_at(
    stage: str, opens_at: datetime, closes_at: datetime, now: datetime, *, paused: bool = False
) -> PlanState:
    """What the public sees of a plan at ``now``."""
    if stage == Stage.DRAFT:
        return "draft"
    if stage == Stage.ARCHIVED:
        return "archived"
    if now < opens_at:
        return "published"
    if now >= closes_at:
        return "closed"
    return "paused" if paused else "open"
