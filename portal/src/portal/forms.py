"""A form as somebody filled it in: what was typed stays, and what is wrong stands beside it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Self
from uuid import uuid4

from starlette.datastructures import FormData, UploadFile

from iran import TEHRAN, parse_jalali, to_ascii_digits
from iran.invalid import Invalid
from portal.csrf import FIELD as CSRF
from portal.gateway import Refused
from portal.language import PERSIAN, gettext, language

KEY = "key"
"""The field with the ``Idempotency-Key``: a form that is sent twice has one effect."""
KEY_REUSED = "idempotency_key_reused"
MOST_FIELDS = 10_000
"""As many as the seats of every dealership in a plan of several cars need."""
NEVER_KEPT = frozenset(
    {CSRF, "password", "new_password", "current_password", "password_again", "code", "authenticator_code"}
)


@dataclass
class Form:
    """``typed`` is by the field's name, ``errors`` are sentences by the same names, ``problem`` is what is
    wrong with the whole; ``code`` names the rule that refused it. Nested fields have dots in their names, as
    the API's errors have: ``address.city``."""

    typed: dict[str, str] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    problem: str = ""
    code: str = ""
    key: str = field(default_factory=lambda: str(uuid4()))
    lists: dict[str, list[str]] = field(default_factory=dict)
    files: dict[str, list[UploadFile]] = field(default_factory=dict)

    @classmethod
    def sent(cls, data: FormData) -> Self:
        form = cls()
        for name, value in data.multi_items():
            if isinstance(value, UploadFile):
                form.files.setdefault(name, []).append(value)
            elif name != CSRF:
                form.lists.setdefault(name, []).append(value)
                form.typed.setdefault(name, value)
        form.key = form.typed.pop(KEY, "") or form.key
        return form

    def __getitem__(self, name: str) -> str:
        """What was typed, without blanks around it; empty when nothing was."""
        return self.typed.get(name, "").strip()

    def all_of(self, name: str) -> list[str]:
        """The values of a field that may come several times."""
        return self.lists.get(name, [])

    def only(self, *names: str) -> dict[str, object]:
        """A body for the API of the fields that were filled in; names with a dot make inner objects."""
        body: dict[str, object] = {}
        for name in names:
            if value := self[name]:
                outer, _, inner = name.rpartition(".")
                place = body.setdefault(outer, {}) if outer else body
                assert isinstance(place, dict)
                place[inner] = value
        return body

    def day(self, name: str) -> date | None:
        """The day that was typed as people here write it; when it is none, that is said beside it."""
        try:
            return parse_jalali(self[name])
        except Invalid as invalid:
            self.errors[name] = invalid.message_fa if language.get() == PERSIAN else invalid.message_en
            return None

    def moment(self, name: str) -> datetime | None:
        """Of the fields ``<name>_on``, a day, and ``<name>_time`` on Tehran's clock, midnight when empty."""
        day = self.day(f"{name}_on")
        try:
            clock = time.fromisoformat(to_ascii_digits(self[f"{name}_time"]) or "00:00")
        except ValueError:
            self.errors[f"{name}_time"] = gettext("ساعت را مانند ۰۸:۳۰ بنویسید.")
            return None
        return datetime.combine(day, clock, TEHRAN) if day else None

    def whole(self, name: str) -> int | None:
        """The whole number that was typed, its thousands apart or not; when it is none, that is said."""
        text = to_ascii_digits(self[name]).replace(",", "").replace("٬", "")
        if not text.isdecimal():
            self.errors[name] = gettext("عدد بنویسید.")
            return None
        return int(text)

    def fill(self, values: Mapping[str, object]) -> Self:
        """What is there already, where nothing has been typed."""
        for name, value in values.items():
            self.typed.setdefault(name, "" if value is None else str(value))
        return self

    def refused(self, refusal: Refused, **names: str) -> Self:
        """With what the API says about it; ``names`` are of fields that are called otherwise here."""
        self.errors |= {names.get(name, name): sentence for name, sentence in refusal.errors.items()}
        self.code = refusal.code
        self.problem = refusal.sentence
        if refusal.code == KEY_REUSED:
            self.key = str(uuid4())
        return self

    def beside(self, name: str, refusal: Refused) -> Self:
        """As ``refused``; a refusal of the whole that is about one field is said beside that."""
        if refusal.errors:
            return self.refused(refusal)
        self.errors[name], self.code = refusal.sentence, refusal.code
        return self

    def require(self, sentence: str, names: Iterable[str]) -> Self:
        """Says ``sentence`` beside the fields that are empty."""
        self.errors |= {name: sentence for name in names if not self[name]}
        return self

    def agrees(self, name: str, again: str = "password_again") -> bool:
        """Whether a new password was typed alike twice; if not, that is said beside the second."""
        alike = self.typed.get(name) == self.typed.get(again)
        if not alike:
            self.errors[again] = gettext("دو گذرواژه یکی نیستند.")
        return alike

    @property
    def is_wrong(self) -> bool:
        return bool(self.errors or self.problem)

    @property
    def kept(self) -> dict[str, str]:
        """What may be put away; secrets are not."""
        return {name: value for name, value in self.typed.items() if name not in NEVER_KEPT}
