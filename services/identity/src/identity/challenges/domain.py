"""One-time codes: what they look like, how long they live, and how they are refused.

Sources: OWASP ASVS 5.0 6.5.1-6.5.5, 6.6.2, 6.6.3.
"""

import secrets
from datetime import timedelta
from uuid import UUID

from chassis.errors import FieldError, Problem, Sentence
from identity.vault import Vault
from iran import Reason, TextValue

DIGITS = 6
LIFETIME = timedelta(minutes=2)
TRIES = 5


class OneTimeCode(TextValue):
    """Six digits; shown to nobody but its recipient."""

    __slots__ = ()

    pattern = r"^[0-9]{6}$"
    example = "042917"
    visible = (0, 0)
    malformed = Reason("code_format", "A code has six digits.", "کد شش رقم دارد.")


def new_code() -> OneTimeCode:
    return OneTimeCode(f"{secrets.randbelow(10**DIGITS):0{DIGITS}d}")


def code_mac(vault: Vault, purpose: str, challenge_id: UUID, code: OneTimeCode) -> str:
    """What is kept of a code: of no use for another purpose or another challenge."""
    return vault.mac(f"{challenge_id}:{code}", f"code.{purpose}")


def unguessable_mac() -> str:
    """Looks like a code's; no code fits it."""
    return secrets.token_hex(32)


class CodeWrong(Problem):
    status = 422
    code = "code_wrong"
    fa = "کد درست نیست؛ {tries_left} بار دیگر می‌توانید تلاش کنید."
    en = "The code is not right; {tries_left} tries are left."

    def __init__(self, tries_left: int, field: str = "code") -> None:
        wrong = FieldError(field, self.code, Sentence("کد درست نیست.", "The code is not right."))
        super().__init__(errors=[wrong], tries_left=tries_left)


class CodeExpired(Problem):
    status = 410
    code = "code_expired"
    fa = "زمان این کد گذشته است؛ کد تازه‌ای بخواهید."
    en = "The code has expired; ask for a new one."


class CodeUsed(Problem):
    status = 409
    code = "code_used"
    fa = "این کد پیش‌تر به کار رفته است."
    en = "The code has been used."


class TooManyAttempts(Problem):
    status = 429
    code = "too_many_attempts"
    fa = "این کد پنج بار نادرست وارد شده و دیگر پذیرفته نیست؛ کد تازه‌ای بخواهید."
    en = "Five wrong tries have ended this code; ask for a new one."
