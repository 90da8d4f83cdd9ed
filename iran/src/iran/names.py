"""Names of people."""

from iran.invalid import Reason
from iran.text import matching_key, normalise
from iran.text_value import TextValue

_LATIN = "A-Za-zÀ-ÖØ-öø-ɏ"
_ARABIC_SCRIPT = "\u0621-\u063a\u0641-\u064a\u066e\u066f\u0671-\u06d3\u06d5\u06fa-\u06fc"
_MARKS = "\u064b-\u0655\u0670"
_JOINERS = "\u200c '’.-"


class PersonName(TextValue):
    """A first name, a family name or a father's name in Persian or Latin letters, as it is stored and shown.

    One to sixty signs; starts with a letter; blanks, the zero-width non-joiner, hyphen, apostrophe and
    full stop may stand inside.
    """

    __slots__ = ()

    pattern = rf"^[{_LATIN}{_ARABIC_SCRIPT}][{_LATIN}{_ARABIC_SCRIPT}{_MARKS}{_JOINERS}]{{0,59}}$"
    example = "سید علی"
    visible = (0, 0)
    malformed = Reason(
        "person_name_format",
        "A name has one to sixty letters and no digits or signs.",
        "نام از یک تا شصت حرف دارد و رقم یا نشانه در آن نیست.",
    )

    @classmethod
    def _canonical(cls, text: str) -> str:
        return normalise(text).strip("\u200c ")

    def matches(self, other: str) -> bool:
        """Whether both are the same name but for spelling: blanks, ZWNJ, ye and kaf, diacritics."""
        return matching_key(self) == matching_key(other)
