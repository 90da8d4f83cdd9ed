"""Four eyes: what one member of the staff proposes, somebody else decides.

Source: OWASP ASVS 5.0 2.3.5. The proposal is a row of the service that needs it, with who proposed it and who
decided; it is held (``FOR UPDATE``) while ``decide_by_another`` is asked, and every step of it is audited.
"""

from uuid import UUID

from chassis.errors import Problem


class SamePerson(Problem):
    status = 403
    code = "same_person"
    fa = "این کار را باید همکار دیگری تأیید کند."
    en = "Another colleague has to confirm this."


class AlreadyDecided(Problem):
    status = 409
    code = "already_decided"
    fa = "درباره‌ی این پیشنهاد پیش‌تر تصمیم گرفته شده است."
    en = "This proposal has been decided already."


def decide_by_another(decider: UUID, *concerned: UUID | None) -> None:
    """Raises ``SamePerson`` for who proposed it, approved it before or is whom it is about."""
    if decider in concerned:
        raise SamePerson
