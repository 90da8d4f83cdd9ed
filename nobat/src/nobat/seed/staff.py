"""One member of the staff for each role."""

from dataclasses import dataclass

from identity.staff.domain import StaffRole
from iran import Mobile, NationalCode, samples

FIRST_SAMPLE = 900_000
"""Sample numbers from here on belong to the staff."""


@dataclass(frozen=True)
class Member:
    role: StaffRole
    persian_role: str
    first_name: str
    last_name: str
    national_code: NationalCode
    mobile: Mobile


_PEOPLE: tuple[tuple[StaffRole, str, str, str], ...] = (
    ("manager", "مدیر فروش", "مریم", "راد"),
    ("operator", "کارشناس پاسخ‌گویی", "سارا", "نیک‌نام"),
    ("dealer", "نماینده", "بهرام", "کریمی"),
    ("care", "صدای مشتری", "لیلا", "مهربان"),
    ("finance", "مالی", "کاوه", "امینی"),
    ("auditor", "بازرس", "نرگس", "داوری"),
    ("admin", "مدیر سامانه", "آرش", "پیروز"),
)

STAFF = tuple(
    Member(
        role,
        persian_role,
        first_name,
        last_name,
        samples.national_code(FIRST_SAMPLE + number),
        samples.mobile(FIRST_SAMPLE + number),
    )
    for number, (role, persian_role, first_name, last_name) in enumerate(_PEOPLE)
)
