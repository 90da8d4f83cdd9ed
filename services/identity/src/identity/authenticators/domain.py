"""Authenticator apps and the codes that stand in for a lost one.

Sources: RFC 6238 (TOTP: 30 s, SHA-1, six digits, which is what all apps do); OWASP ASVS 5.0 6.5.1-6.5.5,
6.6.1. Recovery codes have 50 bits, so they are kept as salted Argon2id hashes like passwords.
"""

import hmac
import secrets
from datetime import datetime, timedelta
from typing import Annotated, Any, Literal

import pyotp
from pydantic import PlainValidator, WithJsonSchema
from pydantic_core import PydanticKnownError

from chassis.errors import FieldError, Problem, Sentence
from identity.challenges.domain import OneTimeCode
from iran import Invalid, Reason, TextValue
from iran.text_value import as_pydantic

STEP_SECONDS = 30
ISSUER = "Nobat"
CHALLENGE_LIFETIME = timedelta(minutes=5)
RECENT_LOGIN = timedelta(minutes=15)
"""So long after a login an authenticator app is enrolled without the password being asked again."""
RECOVERY_CODES = 10

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: nothing in it is mistaken for something else."""
_LENGTH = 10
_SELECTOR = 2
_MISREAD = str.maketrans("OIL", "011")

Change = Literal["enrolled", "removed", "recovery_codes_renewed", "recovery_code_used"]


class RecoveryCode(TextValue):
    """Ten letters and digits, of which the first two say which of a person's codes it is."""

    __slots__ = ()

    pattern = r"^[0-9A-HJKMNP-TV-Z]{10}$"
    example = "7G4KQ2MX9D"
    visible = (0, 0)
    malformed = Reason(
        "recovery_code_format",
        "A recovery code has ten letters and digits.",
        "کد بازیابی ده حرف و رقم دارد.",
    )

    @classmethod
    def _canonical(cls, text: str) -> str:
        return super()._canonical(text).upper().translate(_MISREAD)

    @property
    def selector(self) -> str:
        return self[:_SELECTOR]

    @property
    def shown(self) -> str:
        """As people read and copy it: ``7G4KQ-2MX9D``."""
        return f"{self[: _LENGTH // 2]}-{self[_LENGTH // 2 :]}"


def new_recovery_codes() -> list[RecoveryCode]:
    """As many as a person gets, each with a selector of its own."""
    pairs = [first + second for first in _ALPHABET for second in _ALPHABET]
    selectors = secrets.SystemRandom().sample(pairs, RECOVERY_CODES)
    return [RecoveryCode(selector + _random(_LENGTH - _SELECTOR)) for selector in selectors]


def _random(length: int) -> str:
    return "".join(secrets.choice(_ALPHABET) for _ in range(length))


EitherCode = OneTimeCode | RecoveryCode


def _either(text: Any) -> EitherCode:
    if not isinstance(text, str):
        raise PydanticKnownError("string_type")
    try:
        return RecoveryCode(text)
    except Invalid:
        pass
    try:
        return OneTimeCode(text)
    except Invalid as invalid:
        raise as_pydantic(invalid) from None


GivenCode = Annotated[
    EitherCode,
    PlainValidator(_either),
    WithJsonSchema(
        {
            "type": "string",
            "examples": [OneTimeCode.example, RecoveryCode.example],
            "description": "Six digits, or a recovery code.",
        }
    ),
]


def new_secret() -> str:
    """160 bits in base 32."""
    return pyotp.random_base32()


def otpauth_uri(secret: str, label: str) -> str:
    """What an app reads from a QR code; ``label`` is how it names the account."""
    return pyotp.TOTP(secret).provisioning_uri(name=label, issuer_name=ISSUER)


def matching_step(secret: str, code: OneTimeCode, now: datetime) -> int | None:
    """The time step that ``code`` belongs to, of the present one and its neighbours."""
    totp, present = pyotp.TOTP(secret), int(now.timestamp()) // STEP_SECONDS
    steps = (present, present - 1, present + 1)
    return next((step for step in steps if hmac.compare_digest(totp.generate_otp(step), code)), None)


class AlreadyEnrolled(Problem):
    status = 409
    code = "already_enrolled"
    fa = "برنامه‌ی رمزساز شما فعال است؛ نخست آن را بردارید."
    en = "An authenticator app is enrolled already; remove it first."


class NotEnrolled(Problem):
    status = 409
    code = "not_enrolled"
    fa = "برنامه‌ی رمزسازی فعال نشده است."
    en = "There is no authenticator app."


class PasswordRequired(Problem):
    status = 403
    code = "password_required"
    fa = "برای این کار گذرواژه‌ی خود را نیز بفرستید."
    en = "Send your password as well to do this."


class PasswordWrong(Problem):
    status = 422
    code = "password_wrong"
    fa = "گذرواژه درست نیست."
    en = "The password is not right."

    def __init__(self) -> None:
        super().__init__(errors=[FieldError("password", self.code, Sentence(self.fa, self.en))])


class AppCodeWrong(Problem):
    status = 422
    code = "code_wrong"
    fa = "کد درست نیست."
    en = "The code is not right."

    def __init__(self) -> None:
        super().__init__(errors=[FieldError("code", self.code, Sentence(self.fa, self.en))])
