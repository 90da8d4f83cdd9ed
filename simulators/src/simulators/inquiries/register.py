"""The people that inquiries are about: everything asked is right, except where somebody is odd."""

from collections.abc import Callable
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from pydantic import BaseModel, ConfigDict

from iran import Invalid, Mobile, NationalCode, Sheba, matching_key, parse_jalali

Kind = Literal["mobile_owner", "civil_registry", "iban_owner"]
Oddity = Literal["other_mobile", "other_iban", "other_birth_date", "other_name", "dead"]
"""Other: what people are asked with is somebody else's."""

ODDITY_OF: dict[Kind, tuple[Oddity, ...]] = {
    "mobile_owner": ("other_mobile",),
    "iban_owner": ("other_iban", "other_birth_date"),
    "civil_registry": ("other_birth_date", "other_name", "dead"),
}
OTHER_NAME = ("بیگانه", "ناشناس")


@dataclass(frozen=True, kw_only=True)
class Asked:
    """One question; ``birth_date`` is Jalali, as it came."""

    provider: str
    kind: Kind
    national_code: str = ""
    mobile: str = ""
    iban: str = ""
    birth_date: str = ""
    first_name: str = ""
    last_name: str = ""

    @property
    def bank(self) -> str:
        return self.iban.upper().removeprefix("IR")[2:5]


class Entry(BaseModel):
    """What is odd about a person, and the name in the registry when it is known."""

    model_config = ConfigDict(extra="forbid")

    oddities: frozenset[Oddity] = frozenset()
    first_name: str | None = None
    last_name: str | None = None


@dataclass(frozen=True)
class Finding:
    """``first_name`` and ``last_name`` are the registry's, None when nobody ever told them."""

    matches: bool
    oddities: frozenset[Oddity]
    first_name: str | None
    last_name: str | None

    def likeness(self, asked: Asked) -> tuple[int, int]:
        """How alike the names are, of 100."""
        return _likeness(self.first_name, asked.first_name), _likeness(self.last_name, asked.last_name)


class Register:
    def __init__(self) -> None:
        self.people: dict[str, Entry] = {}
        self._told: dict[str, tuple[str, str]] = {}

    def find(self, asked: Asked) -> Finding:
        """Names asked with are remembered: the register has no other source."""
        entry = self.people.get(asked.national_code, Entry())
        if asked.first_name and asked.last_name:
            self._told[asked.national_code] = asked.first_name, asked.last_name
        first, last = self._name(asked.national_code, entry)
        odd = entry.oddities.intersection(ODDITY_OF[asked.kind])
        return Finding(not odd, entry.oddities, first, last)

    def _name(self, national_code: str, entry: Entry) -> tuple[str | None, str | None]:
        if "other_name" in entry.oddities:
            return OTHER_NAME
        first, last = self._told.get(national_code, (None, None))
        return entry.first_name or first, entry.last_name or last


def wrong_field(asked: Asked) -> str | None:
    """The first field that cannot be right."""
    for name, parse in PARSERS[asked.kind].items():
        try:
            parse(getattr(asked, name))
        except Invalid:
            return name
    return None


def _birth_date(text: str) -> object:
    return parse_jalali(f"{text[:4]}/{text[4:6]}/{text[6:]}" if text.isdigit() else text)


PARSERS: dict[Kind, dict[str, Callable[[str], object]]] = {
    "mobile_owner": {"national_code": NationalCode, "mobile": Mobile},
    "iban_owner": {"national_code": NationalCode, "birth_date": _birth_date, "iban": Sheba},
    "civil_registry": {"national_code": NationalCode, "birth_date": _birth_date},
}


def _likeness(known: str | None, asked: str) -> int:
    if known is None:
        return 100
    return round(100 * SequenceMatcher(None, matching_key(known), matching_key(asked)).ratio())
