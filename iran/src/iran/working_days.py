"""Working days: weekends, public holidays, and what an office decides to the contrary.

Friday is the weekend by law; government offices have Thursday off too. Holidays come from the `holidays`
package; those of the lunar calendar are estimates until the moon is seen, and sudden closures are not in
it, so both are corrected by overrides, which are data.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import IntEnum
from functools import lru_cache
from itertools import count as count_from
from itertools import islice
from typing import Self

from iran.jalali import end_of_day, tehran_date

_ESTIMATED = " (تخمینی)"


class Weekday(IntEnum):
    """As `date.weekday()` counts."""

    MONDAY = 0
    TUESDAY = 1
    WEDNESDAY = 2
    THURSDAY = 3
    FRIDAY = 4
    SATURDAY = 5
    SUNDAY = 6


@dataclass(frozen=True, slots=True)
class Holiday:
    """A public holiday by its Persian name; `estimated` when the moon may still move it by a day."""

    name: str
    estimated: bool


@dataclass(frozen=True, slots=True)
class Override:
    """A day that is worked, or not, whatever weekend and holidays say."""

    day: date
    working: bool


@dataclass(frozen=True, slots=True)
class WorkingCalendar:
    """Which days an office works. `closed` and `opened` overrule holidays and weekend."""

    weekend: frozenset[Weekday]
    closed: frozenset[date] = frozenset()
    opened: frozenset[date] = frozenset()

    def with_overrides(self, overrides: Iterable[Override]) -> Self:
        """This calendar corrected; the last override of a day wins."""
        latest = {override.day: override.working for override in overrides}
        opened = {day for day, working in latest.items() if working}
        closed = latest.keys() - opened
        return replace(self, closed=(self.closed - opened) | closed, opened=(self.opened - closed) | opened)

    def is_working_day(self, day: date) -> bool:
        if day in self.closed or day in self.opened:
            return day not in self.closed
        return day.weekday() not in self.weekend and holiday_on(day) is None


PUBLIC = WorkingCalendar(weekend=frozenset({Weekday.FRIDAY}))
BANK = PUBLIC
"""Payment windows count the banks' days; their short Thursday is a working day."""
OFFICE = WorkingCalendar(weekend=frozenset({Weekday.THURSDAY, Weekday.FRIDAY}))


def holiday_on(day: date) -> Holiday | None:
    """The public holiday on a day; `ValueError` outside the years 1980 to 2100, which have no table."""
    return _holidays_of(day.year).get(day)


def is_working_day(day: date, calendar: WorkingCalendar = PUBLIC) -> bool:
    return calendar.is_working_day(day)


def add_working_days(start: date, count: int, calendar: WorkingCalendar = PUBLIC) -> date:
    """The `count`-th working day after `start`, which is itself not counted.

    A count of zero gives `start`, or the first working day after it when it is none.
    """
    if count < 0:
        raise ValueError("working days are counted forward")
    if count == 0 and calendar.is_working_day(start):
        return start
    working = filter(calendar.is_working_day, _days_after(start))
    return next(islice(working, max(count - 1, 0), None))


def working_days_between(start: date, end: date, calendar: WorkingCalendar = PUBLIC) -> int:
    """How many working days there are after `start` up to and with `end`; `ValueError` when it is earlier."""
    if end < start:
        raise ValueError("the end is before the start")
    return sum(map(calendar.is_working_day, islice(_days_after(start), (end - start).days)))


def working_deadline(start: datetime, count: int, calendar: WorkingCalendar = PUBLIC) -> datetime:
    """The moment, in UTC, at which the `count`-th working day after `start` is over in Tehran."""
    return end_of_day(add_working_days(tehran_date(start), count, calendar))


def _days_after(start: date) -> Iterator[date]:
    return (start + timedelta(days=offset) for offset in count_from(1))


@lru_cache(maxsize=256)
def _holidays_of(year: int) -> Mapping[date, Holiday]:
    from holidays.countries.iran import Iran  # noqa: PLC0415 - half a second, for those who count days only

    if not Iran.start_year <= year <= Iran.end_year:
        raise ValueError(f"no holidays are known for the year {year}")
    table = Iran(years=year, expand=False, language="fa_IR")
    return {day: Holiday(name.replace(_ESTIMATED, ""), _ESTIMATED in name) for day, name in table.items()}
