"""What is asked about a person, what can be answered, how long an answer counts, when to ask again."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from difflib import SequenceMatcher
from enum import StrEnum

from iran import Mobile, NationalCode, PersonName, Sheba, matching_key


class Kind(StrEnum):
    """Mobile owner: the mobile is registered to the national code (Shahkar). Civil registry: name and birth
    date are the national code's, and the person lives. Iban owner: the Sheba is the person's.
    """

    CIVIL_REGISTRY = "civil_registry"
    IBAN_OWNER = "iban_owner"
    MOBILE_OWNER = "mobile_owner"


class Result(StrEnum):
    """Only ``NO_MATCH`` is a no. ``INVALID_INPUT``: asked so, the question has no answer. ``UNAVAILABLE``
    says nothing about the person.
    """

    MATCH = "match"
    NO_MATCH = "no_match"
    INVALID_INPUT = "invalid_input"
    UNAVAILABLE = "unavailable"


class Outage(StrEnum):
    """Whose trouble it is that there is no answer: the provider's, one bank's, or this question's."""

    PROVIDER = "provider"
    BANK = "bank"
    QUESTION = "question"


KEPT: Mapping[Result, timedelta] = {
    Result.MATCH: timedelta(days=30),
    Result.NO_MATCH: timedelta(days=1),
    Result.INVALID_INPUT: timedelta(days=1),
}
"""How long the same question is answered from memory. What was unavailable is asked again."""


@dataclass(frozen=True, slots=True)
class Person:
    """What the questions are about; shows nothing of it."""

    national_code: NationalCode
    mobile: Mobile
    first_name: PersonName
    last_name: PersonName
    birth_date: date = field(repr=False)
    iban: Sheba


_ASKED: Mapping[Kind, Callable[[Person], tuple[str, ...]]] = {
    Kind.CIVIL_REGISTRY: lambda person: (
        person.national_code,
        person.birth_date.isoformat(),
        person.first_name,
        person.last_name,
    ),
    Kind.IBAN_OWNER: lambda person: (person.national_code, person.birth_date.isoformat(), person.iban),
    Kind.MOBILE_OWNER: lambda person: (person.national_code, person.mobile),
}


@dataclass(frozen=True, slots=True)
class Question:
    kind: Kind
    person: Person

    @property
    def inputs(self) -> str:
        """Equal for two questions exactly when they ask the same."""
        return "\n".join((self.kind, *_ASKED[self.kind](self.person)))

    @property
    def bank(self) -> str | None:
        """The three digits of the bank that has to answer."""
        return self.person.iban[4:7] if self.kind is Kind.IBAN_OWNER else None


@dataclass(frozen=True, slots=True)
class Answer:
    """``reason`` is the stable name of why it is no match; ``digest`` the SHA-256 (hex) of what the provider
    sent. ``provider`` is None when nobody was asked.
    """

    result: Result
    asked_at: datetime
    reason: str | None = None
    provider: str | None = None
    trace_id: str | None = None
    digest: str | None = None


@dataclass(frozen=True, slots=True)
class Pauses:
    """How long to wait after an outage: twice as long each time, ``longest`` at most."""

    first: timedelta
    longest: timedelta

    def after(self, attempts: int) -> timedelta:
        """``attempts`` is at least 1."""
        return min(self.longest, self.first * 2.0 ** min(attempts - 1, 30))


@dataclass(frozen=True, slots=True)
class Likeness:
    """How alike, of 100, names must be to count as the same."""

    first_name: int
    last_name: int

    def reached(self, first_name: float, last_name: float) -> bool:
        return first_name >= self.first_name and last_name >= self.last_name


def likeness(one: str, other: str) -> int:
    """From 0 to 100, whatever the spelling: ye, kaf, hamza, diacritics, blanks and joiners do not count."""
    return round(100 * SequenceMatcher(None, matching_key(one), matching_key(other)).ratio())
