"""Made-up people who can register."""

import secrets
from dataclasses import dataclass, replace
from typing import Any

from identity.staff.domain import StaffRole
from iran import Mobile, NationalCode, PostalCode, Province, Sheba, samples
from nobat.seed.staff import STAFF

STAFF_SAMPLES_END = 1_000_000


@dataclass(frozen=True)
class Person:
    """Somebody nobody else is."""

    national_code: NationalCode
    mobile: Mobile
    iban: Sheba
    postal_code: PostalCode
    password: str
    province: Province

    @classmethod
    def number(cls, number: int, province: Province = Province.ISFAHAN) -> "Person":
        return cls(
            samples.national_code(number),
            samples.mobile(number),
            samples.sheba(number),
            samples.postal_code(number),
            f"گذرواژه-{number:08d}",
            province,
        )

    @classmethod
    def random(cls, province: Province = Province.ISFAHAN) -> "Person":
        """One that a system which lives longer than a test has not met either."""
        span = samples.LIMIT - STAFF_SAMPLES_END
        return cls.number(STAFF_SAMPLES_END + secrets.randbelow(span), province)

    @classmethod
    def of_staff(cls, role: StaffRole, password: str) -> "Person":
        """The demonstration's member with this role."""
        member = next(member for member in STAFF if member.role == role)
        likeness = cls.number(0)
        return replace(likeness, national_code=member.national_code, mobile=member.mobile, password=password)

    def form(self, **changes: object) -> dict[str, Any]:
        """The body of a registration."""
        form: dict[str, Any] = {
            "national_code": self.national_code,
            "mobile": self.mobile,
            "password": self.password,
            "first_name": "مریم",
            "last_name": "حسینی",
            "father_name": "علی",
            "birth_date": "1990-05-12",
            "gender": "female",
            "education": "کارشناسی",
            "occupation": "معلم",
            "iban": self.iban,
            "address": {
                "province": self.province.value,
                "city": self.province.value,
                "street": "خیابان آزادی، پلاک ۱۲",
                "postal_code": self.postal_code,
            },
        }
        return form | changes
