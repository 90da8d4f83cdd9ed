"""Persian text: one spelling for storage, and a looser key for comparing what people and banks typed."""

import re
import unicodedata

from iran.digits import to_ascii_digits

_LETTERS = {"ي": "ی", "ى": "ی", "ك": "ک"}
_TATWEEL = "ـ"
_CONTROLS = {chr(code) for code in [*range(0x20), *range(0x7F, 0xA0)] if not chr(code).isspace()}
_DIRECTION_MARKS = set(
    map(chr, [0x200B, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A), 0xFEFF])
)
_DROPPED = dict.fromkeys(_CONTROLS | _DIRECTION_MARKS | {_TATWEEL})
_FOR_STORAGE = str.maketrans(_LETTERS | _DROPPED)
_FOR_MATCHING = str.maketrans(
    _LETTERS | {"ة": "ه", "ە": "ه", "ہ": "ه", "ٱ": "ا"} | dict.fromkeys((_TATWEEL, "ء"))
)
_NOT_LETTER_OR_DIGIT = re.compile(r"[\W_]+")


def normalise(text: str) -> str:
    """The form to store and show: one line in NFC with Persian ye and kaf and single blanks; control
    characters, direction marks and tatweel dropped.

    The zero-width non-joiner stays, since it is part of the spelling (می‌رود).
    """
    composed = unicodedata.normalize("NFC", text).translate(_FOR_STORAGE)
    return " ".join(unicodedata.normalize("NFC", composed).split())


def matching_key(text: str) -> str:
    """Equal for two spellings of the same words; for comparing and searching, never for showing.

    Drops blanks, ZWNJ, tatweel, diacritics, punctuation and case; folds hamza and madda carriers
    (أ إ آ ؤ ئ) into their letter, presentation forms into their base, and digits into ASCII.
    """
    decomposed = unicodedata.normalize("NFKD", to_ascii_digits(text))
    letters = "".join(sign for sign in decomposed if not unicodedata.combining(sign))
    return _NOT_LETTER_OR_DIGIT.sub("", letters.translate(_FOR_MATCHING)).casefold()
