"""How dates, numbers and money are written for people, in the language of the request."""

import re
from datetime import date, datetime

from babel.units import format_unit

from iran import (
    BANK_BY_CODE,
    TEHRAN,
    jalali_long,
    jalali_numeric,
    jalali_text,
    tehran_date,
    tehran_time,
    to_ascii_digits,
    to_persian_digits,
)
from portal.language import PERSIAN, gettext, language
from portal.words import word

Day = str | date
Moment = str | datetime
BASIS_POINTS = 100
"""In a percent."""
KILOBYTE, MEGABYTE = 1_000, 1_000_000
WITHOUT_LATIN = re.compile(r"(?<!\S)[^\sA-Za-z]+(?!\S)")
"""A word between blanks."""


def digits(value: object) -> str:
    """Digits as the language writes them; everything else as it is, and so codes with Latin letters."""
    text = "" if value is None else str(value)
    if language.get() != PERSIAN:
        return to_ascii_digits(text)
    return WITHOUT_LATIN.sub(lambda word: to_persian_digits(word[0]), text)


def size(count: int) -> str:
    """Of so many bytes: ``۰٫۴ کیلوبایت`` or ``0.4 kilobytes``."""
    unit, bytes_in_it = ("megabyte", MEGABYTE) if count >= MEGABYTE else ("kilobyte", KILOBYTE)
    return digits(
        format_unit(round(count / bytes_in_it, 1), unit, locale=language.get(), numbering_system="default")
    )


def number(value: int) -> str:
    """``۱٬۹۶۰٬۰۰۰`` or ``1,960,000``."""
    return digits(f"{value:,}").replace(",", "٬" if language.get() == PERSIAN else ",")


def rial(amount: int) -> str:
    return gettext("%(amount)s ریال") % {"amount": number(amount)}


def percent(basis_points: int) -> str:
    """``۲٫۵ درصد`` or ``2.5 percent``."""
    share = f"{basis_points / BASIS_POINTS:g}"
    if language.get() == PERSIAN:
        share = share.replace(".", "٫")
    return gettext("%(share)s درصد") % {"share": digits(share)}


def day(value: Day) -> str:
    """The day in Tehran: ``۱۲ مرداد ۱۴۰۴`` or ``3 August 2025``; of ISO text, a date or a moment."""
    return _written(_day_of(value), long=False)


def long_day(value: Day) -> str:
    """The same with the weekday."""
    return _written(_day_of(value), long=True)


def moment(value: Moment) -> str:
    """A moment on Tehran's clock, to the minute."""
    return gettext("%(day)s، ساعت %(time)s") % {"day": day(_moment_of(value)), "time": clock_time(value)}


def clock_time(value: Moment) -> str:
    return digits(tehran_time(_moment_of(value)).strftime("%H:%M"))


def jalali_typed(value: Day) -> str:
    """A day as it is typed into a field: ``1369/02/22``."""
    return to_ascii_digits(jalali_numeric(_day_of(value)))


def _written(value: date, *, long: bool) -> str:
    if language.get() == PERSIAN:
        return jalali_long(value) if long else jalali_text(value)
    return f"{value:%A} {value.day} {value:%B %Y}" if long else f"{value.day} {value:%B %Y}"


def _day_of(value: Day) -> date:
    if isinstance(value, datetime):
        return tehran_date(value)
    if isinstance(value, date):
        return value
    return date.fromisoformat(value) if len(value) == len("2025-08-03") else tehran_date(_moment_of(value))


def _moment_of(value: Moment) -> datetime:
    found = value if isinstance(value, datetime) else datetime.fromisoformat(value)
    return found if found.tzinfo else found.replace(tzinfo=TEHRAN)


def institution(code: str) -> str:
    """A bank by the three digits of its Sheba, a provider by its name in the API."""
    if (bank := BANK_BY_CODE.get(code)) is not None:
        return bank.name_fa if language.get() == PERSIAN else bank.name_en
    return word(code, "institution")


def account(name: str) -> str:
    """Of the ledger: ``provider:zibal`` is what that provider holds."""
    _, _, provider = name.partition("provider:")
    return gettext("نزد %(name)s") % {"name": institution(provider)} if provider else word(name, "account")


FILTERS = {
    "account": account,
    "clock_time": clock_time,
    "day": day,
    "digits": digits,
    "institution": institution,
    "long_day": long_day,
    "moment": moment,
    "number": number,
    "percent": percent,
    "rial": rial,
    "size": size,
    "word": word,
}
