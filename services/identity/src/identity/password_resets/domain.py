"""How a forgotten password is replaced.

A request is opened with national code and mobile; a code goes to the mobile; the code and the new password
come together, once. Nothing else leads to a new password, and the person still has to log in.
Sources: OWASP Forgot Password Cheat Sheet; ASVS 5.0 6.4.1-6.4.3; Keycloak CVE-2026-18963.
"""

from datetime import timedelta

from chassis.errors import FieldError, Problem, Sentence

LIFETIME = timedelta(minutes=15)


class ResetEnded(Problem):
    status = 410
    code = "reset_ended"
    fa = "این درخواست پایان یافته است؛ بازیابی را از نو آغاز کنید."
    en = "This request is over; begin the recovery anew."


_NEEDED = Sentence("کد برنامه‌ی رمزساز لازم است.", "The code of the authenticator app is needed.")


class AuthenticatorCodeNeeded(Problem):
    """The code that was sent is right and still counts."""

    status = 422
    code = "authenticator_code_needed"
    fa = _NEEDED.fa
    en = _NEEDED.en

    def __init__(self) -> None:
        super().__init__(errors=[FieldError("authenticator_code", self.code, _NEEDED)])
