"""Birth dates as the providers want them."""

from datetime import date

from iran import jalali_numeric, to_ascii_digits


def jalali(day: date) -> str:
    """``1369/02/22``."""
    return to_ascii_digits(jalali_numeric(day))
