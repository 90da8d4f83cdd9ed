"""What a login takes.

Source: OWASP ASVS 5.0 6.3.3; docs/decisions/0008.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from chassis.errors import Problem

Method = Literal["sms", "totp"]


@dataclass(frozen=True)
class Due:
    """A code is due before anybody enters."""

    challenge_id: UUID
    method: Method
    expires_at: datetime


def second_factor(*, staff: bool, enrolled: bool, remembered: bool) -> Method | None:
    """What is asked after the right password; of staff always something, on whatever device."""
    if remembered and not staff:
        return None
    return "totp" if enrolled else "sms"


class WrongCredentials(Problem):
    status = 401
    code = "wrong_credentials"
    fa = "کد ملی یا گذرواژه درست نیست."
    en = "The national code or the password is not right."

    def __init__(self) -> None:
        super().__init__(headers={"WWW-Authenticate": "Bearer"})
