"""What the staff may decide of how a field of an account changes. Source: OWASP ASVS 5.0 2.3.5, 8.2.3."""

from collections.abc import Iterator, Mapping

from chassis.errors import FieldError, InvalidFields, Sentence
from identity.changes.domain import Handling

ALWAYS_LOCKED = frozenset({"national_code", "mobile"})
"""Who somebody is, and what they prove it with: a mobile has a way of its own to change."""
LEAST_APPROVALS: Mapping[str, int] = {
    "first_name": 2,
    "last_name": 2,
    "father_name": 2,
    "birth_date": 2,
    "gender": 2,
    "birth_certificate_number": 2,
    "iban": 1,
}
"""What says who somebody is, or where their money goes, is approved by so many or locked, never free."""
MOST_APPROVALS = 5

SENTENCES: Mapping[str, Sentence] = {
    "always_locked": Sentence("این خانه همیشه قفل است.", "This field is always locked."),
    "never_free": Sentence(
        "این خانه بی تأیید کارکنان تغییر نمی‌کند.", "This field does not change without the staff's approval."
    ),
    "too_few_approvals": Sentence(
        "این خانه دست‌کم {least} تأیید می‌خواهد.", "This field needs at least {least} approvals."
    ),
    "approvals_needless": Sentence(
        "تنها خانه‌ای که تأیید می‌خواهد شمار تأیید دارد؛ صفر بنویسید.",
        "Only a field that needs approval has a number of them; give 0.",
    ),
}


class PolicyRefused(InvalidFields):
    """The field may not be handled so."""


def checked(field: str, handling: Handling, approvals: int) -> None:
    """Raises ``PolicyRefused``."""
    if errors := list(_wrong(field, handling, approvals)):
        raise PolicyRefused(errors=errors)


def _wrong(field: str, handling: Handling, approvals: int) -> Iterator[FieldError]:
    least = LEAST_APPROVALS.get(field, 1)
    if field in ALWAYS_LOCKED and handling != "locked":
        yield _fault("handling", "always_locked")
    elif field in LEAST_APPROVALS and handling == "free":
        yield _fault("handling", "never_free")
    if handling != "approval" and approvals:
        yield _fault("approvals", "approvals_needless")
    if handling == "approval" and approvals < least:
        yield _fault("approvals", "too_few_approvals", least=least)


def _fault(field: str, code: str, **values: object) -> FieldError:
    return FieldError(field, code, SENTENCES[code].filled(values))
