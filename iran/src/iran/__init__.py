"""Iranian formats as value types: parse, normalise, say in one sentence what is wrong.

Everything here is pure; nothing reads a clock, a file or a network.
"""

from iran.bank_numbers import Card, Sheba
from iran.banks import BANK_BY_CARD_PREFIX, BANK_BY_CODE, Bank
from iran.bill import BillId, BillPair, PaymentId, Service
from iran.digits import to_ascii_digits, to_persian_digits
from iran.identity_numbers import LegalId, NationalCode
from iran.invalid import Invalid, Reason
from iran.jalali import (
    TEHRAN,
    add_jalali_months,
    end_of_day,
    jalali_long,
    jalali_moment,
    jalali_numeric,
    jalali_text,
    jalali_year,
    parse_jalali,
    start_of_day,
    tehran_date,
    tehran_time,
)
from iran.names import PersonName
from iran.phones import Landline, Mobile
from iran.postal_code import PostalCode
from iran.provinces import Province
from iran.reference_numbers import has_valid_check_digit, with_check_digit
from iran.rial import Rial
from iran.text import matching_key, normalise
from iran.text_value import TextValue
from iran.vin import Vin
from iran.working_days import (
    BANK,
    OFFICE,
    PUBLIC,
    Holiday,
    Override,
    Weekday,
    WorkingCalendar,
    add_working_days,
    holiday_on,
    is_working_day,
    working_days_between,
    working_deadline,
)

__all__ = [
    "BANK",
    "BANK_BY_CARD_PREFIX",
    "BANK_BY_CODE",
    "OFFICE",
    "PUBLIC",
    "TEHRAN",
    "Bank",
    "BillId",
    "BillPair",
    "Card",
    "Holiday",
    "Invalid",
    "Landline",
    "LegalId",
    "Mobile",
    "NationalCode",
    "Override",
    "PaymentId",
    "PersonName",
    "PostalCode",
    "Province",
    "Reason",
    "Rial",
    "Service",
    "Sheba",
    "TextValue",
    "Vin",
    "Weekday",
    "WorkingCalendar",
    "add_jalali_months",
    "add_working_days",
    "end_of_day",
    "has_valid_check_digit",
    "holiday_on",
    "is_working_day",
    "jalali_long",
    "jalali_moment",
    "jalali_numeric",
    "jalali_text",
    "jalali_year",
    "matching_key",
    "normalise",
    "parse_jalali",
    "start_of_day",
    "tehran_date",
    "tehran_time",
    "to_ascii_digits",
    "to_persian_digits",
    "with_check_digit",
    "working_days_between",
    "working_deadline",
]
