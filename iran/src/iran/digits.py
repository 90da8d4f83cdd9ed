"""Persian (U+06F0..) and Arabic-Indic (U+0660..) digits to ASCII for programs, and back for people."""

from persiantools import digits

_TO_ASCII = str.maketrans("۰۱۲۳۴۵۶۷۸۹٠١٢٣٤٥٦٧٨٩", "0123456789" * 2)
_INVISIBLE = [0x00AD, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2066, 0x206A), 0xFEFF]
_SEPARATORS = str.maketrans(dict.fromkeys([*_INVISIBLE, *map(ord, "-‐‑‒–—−_ـ()")]))


def to_ascii_digits(text: str) -> str:
    return text.translate(_TO_ASCII)


def to_persian_digits(text: str | int) -> str:
    return digits.en_to_fa(str(text))


def compact(text: str) -> str:
    """ASCII digits, without the blanks, dashes, brackets and direction marks that people put into numbers."""
    return "".join(to_ascii_digits(text).translate(_SEPARATORS).split())
