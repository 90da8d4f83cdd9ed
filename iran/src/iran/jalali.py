"""Jalali dates for people, and Tehran's clock.

Programs keep aware UTC datetimes and Gregorian days; which day it is, Tehran says.
"""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from persiantools.jdatetime import JalaliDate

from iran.digits import to_ascii_digits, to_persian_digits
from iran.invalid import Invalid, Reason

TEHRAN = ZoneInfo("Asia/Tehran")
INVALID_DATE = Reason(
    "jalali_date",
    "A date is a day of the Jalali calendar, such as 1404/05/12.",
    "تاریخ باید روزی از تقویم شمسی باشد، مانند ۱۴۰۴/۰۵/۱۲.",
)
_MONTHS = 12
_NUMERIC = re.compile(r"([0-9]{4})[/\-.]([0-9]{1,2})[/\-.]([0-9]{1,2})")

_jalali: Callable[..., JalaliDate] = JalaliDate  # its own constructor carries no types


def tehran_date(at: datetime) -> date:
    """The day it is in Tehran at an aware datetime."""
    return tehran_time(at).date()


def tehran_time(at: datetime) -> datetime:
    """An aware datetime on Tehran's clock; `ValueError` for a naive one, which names no moment."""
    if at.tzinfo is None:
        raise ValueError("a naive datetime names no moment")
    return at.astimezone(TEHRAN)


def start_of_day(day: date) -> datetime:
    """The moment, in UTC, at which a day begins in Tehran."""
    return datetime.combine(day, time.min, TEHRAN).astimezone(UTC)


def end_of_day(day: date) -> datetime:
    """The moment, in UTC, at which a day is over in Tehran: the first moment that is too late for it."""
    return start_of_day(day + timedelta(days=1))


def parse_jalali(text: str) -> date:
    """The Gregorian day of `1404/05/12`, `۱۴۰۴-۵-۱۲` and the like."""
    match = _NUMERIC.fullmatch(to_ascii_digits(text).strip())
    try:
        return _jalali(*map(int, match.groups())).to_gregorian() if match else _refuse()
    except (ValueError, OverflowError):
        raise Invalid(INVALID_DATE) from None


def jalali_numeric(day: date) -> str:
    """For people: `۱۴۰۴/۰۵/۱۲`."""
    return _jalali(day).strftime("%Y/%m/%d", locale="fa")


def jalali_text(day: date) -> str:
    """For people: `۱۲ مرداد ۱۴۰۴`."""
    jalali = _jalali(day)
    return to_persian_digits(f"{jalali.day} {jalali.strftime('%B', locale='fa')} {jalali.year}")


def jalali_long(day: date) -> str:
    """For people, with the weekday: `یکشنبه ۱۲ مرداد ۱۴۰۴`."""
    return f"{_jalali(day).strftime('%A', locale='fa')} {jalali_text(day)}"


def jalali_moment(at: datetime) -> str:
    """For people, a moment on Tehran's clock: `۱۴۰۴/۰۵/۱۲ ساعت ۱۴:۳۰`."""
    local = tehran_time(at)
    return f"{jalali_numeric(local.date())} ساعت {to_persian_digits(local.strftime('%H:%M'))}"


def jalali_year(day: date) -> int:
    return int(_jalali(day).year)


def add_jalali_months(day: date, months: int) -> date:
    """The same day of a later Jalali month, or that month's last day when it is shorter."""
    start = _jalali(day)
    ahead = int(start.year) * _MONTHS + int(start.month) - 1 + months
    year, month = divmod(ahead, _MONTHS)
    length = int(JalaliDate.days_in_month(month + 1, year))
    target: date = _jalali(year, month + 1, min(int(start.day), length)).to_gregorian()
    return target


def _refuse() -> date:
    raise Invalid(INVALID_DATE)
