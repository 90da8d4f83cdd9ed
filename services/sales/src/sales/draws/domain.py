"""The life of a draw, and what may be done when.

registering -> freezing -> frozen -> seeded -> drawn, or aborted and frozen anew. The times of the recipe
keep anybody from choosing among seeds: see ``recipe``.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from typing import Literal

from chassis.errors import Problem
from sales.draws.formats import SECRET_BYTES
from sales.draws.recipe import Recipe, Source


class Stage(StrEnum):
    """``freezing`` and ``seeded`` wait for a worker; the seed is public from ``seeded`` on."""

    REGISTERING = "registering"
    FREEZING = "freezing"
    FROZEN = "frozen"
    SEEDED = "seeded"
    DRAWN = "drawn"
    ABORTED = "aborted"


DrawState = Literal["registering", "closed", "freezing", "frozen", "seeded", "drawn", "aborted"]
MOVES = {
    (Stage.REGISTERING, "freeze"): Stage.FREEZING,
    (Stage.ABORTED, "freeze"): Stage.FREEZING,
    (Stage.FREEZING, "commit"): Stage.FROZEN,
    (Stage.FROZEN, "start"): Stage.SEEDED,
    (Stage.SEEDED, "draw"): Stage.DRAWN,
    (Stage.FROZEN, "abort"): Stage.ABORTED,
}
WORK = (Stage.FREEZING, Stage.SEEDED)
UNFROZEN = (Stage.REGISTERING, Stage.ABORTED)
"""The list of entrants may still change."""


class IllegalDrawMove(Problem):
    status = 409
    code = "illegal_draw_move"
    fa = "این کار در مرحله‌ی کنونی قرعه‌کشی ممکن نیست."
    en = "The draw's present stage does not allow this."


class PlanStillOpen(Problem):
    status = 409
    code = "plan_still_open"
    fa = "ثبت‌نام این طرح هنوز باز است."
    en = "Registration for this plan is still open."


class RecheckRunning(Problem):
    status = 409
    code = "recheck_running"
    fa = "بازبینی شرایط ثبت‌نام‌کنندگان هنوز تمام نشده است."
    en = "The entrants' eligibility is still being checked again."


class DepositsMissing(Problem):
    """The next check of the plan's buyers voids their orders, once a bank's list has come."""

    status = 409
    code = "deposits_missing"
    fa = "ودیعه‌ی {missing} شرکت‌کننده در بانک مسدود نیست؛ نخست شرایط ثبت‌نام‌کنندگان را بازبینی کنید."
    en = "No bank has blocked the deposit of {missing} entrants; check their eligibility again first."


class NothingToDraw(Problem):
    status = 409
    code = "nothing_to_draw"
    fa = "هیچ‌کس در این قرعه‌کشی ثبت‌نام نکرده است."
    en = "Nobody has entered this draw."


class NotDivided(Problem):
    status = 409
    code = "quotas_not_divided"
    fa = "سهم هر گروه از ظرفیت این طرح روشن نیست."
    en = "This plan does not say what each class may get of its capacity."


class NoticeTooShort(Problem):
    status = 422
    code = "notice_too_short"
    fa = "میان انتشار فهرست و نخستین منبع عمومی باید زمان بیشتری باشد."
    en = "The first public source must lie further ahead of the publication of the list."


class ValueTooEarly(Problem):
    status = 409
    code = "value_too_early"
    fa = "این مقدار پیش از {at} دانسته نیست."
    en = "This value cannot be known before {at}."


class RevealTooLate(Problem):
    status = 409
    code = "reveal_too_late"
    fa = "مهلت شاهدان گذشته است؛ تعهدنامه‌ی شاهد به جای مقدار او به کار می‌رود."
    en = "The witnesses' time is over; the commitment stands in for the value."


class RevealMismatch(Problem):
    status = 422
    code = "reveal_mismatch"
    fa = "این مقدار با تعهدنامه‌ی شاهد نمی‌خواند."
    en = "This value does not agree with the witness' commitment."


class OutOfTurn(Problem):
    status = 409
    code = "alternative_out_of_turn"
    fa = "جایگزین‌های پیش از این هنوز کنار گذاشته نشده‌اند."
    en = "The alternatives before this one have not been ruled out."


class ValuesMissing(Problem):
    status = 409
    code = "values_missing"
    fa = "هنوز همه‌ی مقدارها نرسیده‌اند."
    en = "Not all values are there yet."


class AbortRefused(Problem):
    status = 409
    code = "abort_refused"
    fa = "پس از آنکه نخستین منبع دانسته شد، تنها زمانی می‌توان قرعه‌کشی را کنار گذاشت که هیچ منبعی نمانده باشد."
    en = "Once a source can be known, a draw is given up only when all alternatives of one have failed."


def moved(stage: str, move: str) -> Stage:
    """The stage after ``move``; raises ``IllegalDrawMove``."""
    target = MOVES.get((Stage(stage), move))
    if target is None:
        raise IllegalDrawMove(move=move)
    return target


@dataclass(frozen=True)
class Reading:
    """What was entered; ``value`` is None for an alternative that could not be had."""

    value: str | None
    evidence: str


Values = Mapping[tuple[str, str, int], Reading]
"""By kind (``witness``, ``source``), name and number of the alternative (0 for a witness)."""


def check_notice(recipe: Recipe, now: datetime, notice: timedelta) -> None:
    """Raises ``NoticeTooShort``."""
    if recipe.known_from < now + notice:
        raise NoticeTooShort(known_from=recipe.known_from)


def check_reveal(recipe: Recipe, index: int, value: str, now: datetime) -> None:
    """Raises ``RevealTooLate`` and ``RevealMismatch``; ``value`` is hex."""
    if now >= recipe.witnesses_until:
        raise RevealTooLate
    revealed = bytes.fromhex(value)
    if len(revealed) != SECRET_BYTES or sha256(revealed).hexdigest() != recipe.witnesses[index].commitment:
        raise RevealMismatch


def check_reading(source: Source, alternative: int, values: Values, now: datetime) -> None:
    """Raises ``ValueTooEarly`` and ``OutOfTurn``."""
    at = source.alternatives[alternative - 1].at
    if now < at:
        raise ValueTooEarly(at=at)
    before = [values.get(("source", source.name, number)) for number in range(1, alternative)]
    if any(reading is None or reading.value is not None for reading in before):
        raise OutOfTurn


def used(source: Source, values: Values) -> int | None:
    """The number of the alternative that counts; None when none has a value."""
    numbers = range(1, len(source.alternatives) + 1)
    found = ((number, values.get(("source", source.name, number))) for number in numbers)
    return next((number for number, reading in found if reading and reading.value is not None), None)


def missing(recipe: Recipe, values: Values, now: datetime) -> list[str]:
    """Whose values are still to come; a witness is waited for until the time is over."""
    silent = [
        one.name
        for one in recipe.witnesses
        if now < recipe.witnesses_until and ("witness", one.name, 0) not in values
    ]
    return silent + [source.name for source in recipe.sources if used(source, values) is None]


def check_abort(recipe: Recipe, values: Values, now: datetime) -> None:
    """Raises ``AbortRefused``: who could know the seed must not be able to throw it away."""
    if now < recipe.known_from:
        return
    if now < recipe.abort_after or not any(_failed(source, values) for source in recipe.sources):
        raise AbortRefused(known_from=recipe.known_from, abort_after=recipe.abort_after)


def _failed(source: Source, values: Values) -> bool:
    readings = [
        values.get(("source", source.name, number)) for number in range(1, len(source.alternatives) + 1)
    ]
    return all(reading is not None and reading.value is None for reading in readings)


def witnesses_of(recipe: Recipe, values: Values) -> list[dict[str, object]]:
    """As they are published; a value is None when there was no reveal."""
    found = ((one.name, values.get(("witness", one.name, 0))) for one in recipe.witnesses)
    return [{"name": name, "value": reading.value if reading else None} for name, reading in found]


def reveals(recipe: Recipe, values: Values) -> list[bytes]:
    """What goes into the seed, a commitment where there was no reveal."""
    found = ((one, values.get(("witness", one.name, 0))) for one in recipe.witnesses)
    return [bytes.fromhex((reading.value if reading else None) or one.commitment) for one, reading in found]


def sources_of(recipe: Recipe, values: Values) -> list[dict[str, object]]:
    """As they are published, once none is missing."""
    return [_published(source, values) for source in recipe.sources]


def _published(source: Source, values: Values) -> dict[str, object]:
    alternative = used(source, values)
    if alternative is None:
        raise ValuesMissing(missing=[source.name])
    reading = values["source", source.name, alternative]
    return {
        "name": source.name,
        "alternative": alternative,
        "value": reading.value,
        "evidence": reading.evidence,
        "unavailable": [
            {"alternative": number, "evidence": values["source", source.name, number].evidence}
            for number in range(1, alternative)
        ],
    }


def source_values(recipe: Recipe, values: Values) -> Sequence[str]:
    """What goes into the seed."""
    return [str(published["value"]) for published in sources_of(recipe, values)]
