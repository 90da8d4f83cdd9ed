"""Working hours: whether a desk is open now, and when it opens next."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from itertools import pairwise
from typing import Annotated, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from chassis.local_time import LocalTime
from chassis.validation import wrong_value
from iran import TEHRAN, WorkingCalendar, tehran_time, to_ascii_digits

LOOKED_AHEAD = 60
"""Days; longer than any row of holidays."""


class Day(StrEnum):
    """In the order of ``date.weekday()``."""

    MONDAY = "monday"
    TUESDAY = "tuesday"
    WEDNESDAY = "wednesday"
    THURSDAY = "thursday"
    FRIDAY = "friday"
    SATURDAY = "saturday"
    SUNDAY = "sunday"


DAYS = tuple(Day)


class Span(BaseModel):
    """On Tehran's clock; ``closes`` is not open any more."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    opens: LocalTime
    closes: LocalTime

    @model_validator(mode="after")
    def _is_one(self) -> Self:
        if self.opens >= self.closes or self.opens.tzinfo or self.closes.tzinfo:
            raise wrong_value("span", "ساعت پایان پس از ساعت آغاز است.", "It closes after it opens.")
        return self


def _apart(spans: list[Span]) -> list[Span]:
    following = sorted(spans, key=lambda span: span.opens)
    if any(one.closes > other.opens for one, other in pairwise(following)):
        raise wrong_value("spans_overlap", "ساعت‌های یک روز روی هم افتاده‌اند.", "The hours of a day overlap.")
    return following


Spans = Annotated[list[Span], Field(max_length=4), AfterValidator(_apart)]
Week = dict[Day, Spans]
"""The spans of each day on which the desk works; other days it does not."""

_SEPARATOR = re.compile(r"[,،;؛]|\sو\s")
_SPAN = re.compile(r"(\d{1,2})(?::(\d{2}))?\s*(?:-|–|تا)\s*(\d{1,2})(?::(\d{2}))?")


def spans_of(text: str) -> list[dict[str, str]]:
    """What people write of one day, ``۸ تا ۱۲ و 14:30-18``, for ``Spans`` to judge; an empty text has none.

    Raises a ``PydanticCustomError`` for what is no hours.
    """
    parts = [part.strip() for part in _SEPARATOR.split(f" {to_ascii_digits(text)} ") if part.strip()]
    found = [_SPAN.fullmatch(part) for part in parts]
    if not all(found):
        raise wrong_value(
            "hours", "ساعت را به شکل ۸:۰۰ تا ۱۶:۳۰ بنویسید.", "Hours are written as 8:00-16:30."
        )
    return [
        {"opens": f"{first[1]:0>2}:{first[2] or '00'}", "closes": f"{first[3]:0>2}:{first[4] or '00'}"}
        for first in found
        if first is not None
    ]


EVERY_DAY = WorkingCalendar(weekend=frozenset())
"""The week itself says which days are free; holidays and closures are the calendar's."""


@dataclass(frozen=True)
class Opening:
    """``until``: when an open desk closes, ``next_opening``: when a closed one opens. None: not known."""

    open_now: bool | None
    until: datetime | None = None
    next_opening: datetime | None = None


def opening(week: Mapping[Day, list[Span]], calendar: WorkingCalendar, now: datetime) -> Opening:
    """At a moment, in UTC; ``calendar`` tells the holidays and what was decided about single days."""
    if not any(week.values()):
        return Opening(None)
    for opens, closes in _spans(week, calendar, tehran_time(now).date()):
        if now < opens:
            return Opening(open_now=False, next_opening=opens)
        if now < closes:
            return Opening(open_now=True, until=closes)
    return Opening(open_now=False)


def _spans(
    week: Mapping[Day, list[Span]], calendar: WorkingCalendar, first: date
) -> Iterator[tuple[datetime, datetime]]:
    """In order, from the beginning of a day on."""
    for day in (first + timedelta(days=offset) for offset in range(LOOKED_AHEAD)):
        if calendar.is_working_day(day):
            for span in week.get(DAYS[day.weekday()], []):
                yield _moment(day, span.opens), _moment(day, span.closes)


def _moment(day: date, at: time) -> datetime:
    return datetime.combine(day, at, TEHRAN).astimezone(UTC)
