"""Looking a person up: for which purpose, how often, and what is shown."""

from datetime import timedelta
from typing import Literal, get_args

from chassis.errors import TooManyRequests
from chassis.quotas import Quota

Purpose = Literal[
    "customer_service",
    "complaint",
    "payment",
    "delivery",
    "identity_check",
    "fraud_review",
    "legal_request",
]
"""What the person is told their data was looked at for."""

Field = Literal[
    "national_code",
    "mobile",
    "first_name",
    "last_name",
    "father_name",
    "birth_date",
    "birth_certificate_number",
    "gender",
    "education",
    "occupation",
    "email",
    "iban",
    "address",
]
FIELDS: tuple[Field, ...] = get_args(Field)

LOOKUPS_OF_A_COLLEAGUE = (
    Quota("lookup.minutes", 60, timedelta(minutes=10)),
    Quota("lookup.day", 600, timedelta(days=1)),
)
"""More than a desk needs, far less than a list of customers that somebody would carry away."""
DISCLOSURES_OF_A_COLLEAGUE = (Quota("disclosure.day", 100, timedelta(days=1)),)

SEARCHED = "identity.customer.searched"
VIEWED = "identity.customer.viewed"
DISCLOSED = "identity.customer.disclosed"


class TooManyLookups(TooManyRequests):
    code = "too_many_lookups"
    fa = "در این مدت مشخصات افراد زیادی را دیده‌اید؛ {retry_after} ثانیه‌ی دیگر دوباره تلاش کنید."
    en = "You have looked at many people's data; try again in {retry_after} seconds."
