"""A check digit for the numbers that people read to each other over the telephone.

Damm's algorithm (H. M. Damm, 2004): finds every single wrong digit and every swap of neighbours, with
digits alone. Leading zeros do not change it, so numbers that carry it have a fixed length or no leading zero.
"""

from iran.digits import compact

_DAMM = (
    (0, 3, 1, 7, 5, 9, 8, 6, 4, 2),
    (7, 0, 9, 2, 1, 5, 4, 8, 6, 3),
    (4, 2, 0, 6, 8, 7, 1, 3, 5, 9),
    (1, 7, 5, 0, 9, 8, 3, 4, 2, 6),
    (6, 1, 2, 3, 0, 4, 5, 9, 7, 8),
    (3, 6, 7, 4, 2, 0, 9, 5, 8, 1),
    (5, 8, 6, 9, 7, 2, 0, 1, 3, 4),
    (8, 9, 4, 5, 3, 6, 2, 0, 1, 7),
    (9, 4, 3, 8, 6, 1, 7, 2, 0, 5),
    (2, 5, 8, 1, 4, 3, 6, 7, 9, 0),
)


def with_check_digit(digits: str) -> str:
    """`digits` (ASCII) and the check digit after them; `ValueError` when there is anything but digits."""
    return digits + str(_damm(digits))


def has_valid_check_digit(text: str) -> bool:
    """Whether the last digit is the check digit of those before it; Persian digits and dashes may stand."""
    digits = compact(text)
    return digits.isascii() and digits.isdigit() and len(digits) > 1 and _damm(digits) == 0


def _damm(digits: str) -> int:
    if not (digits.isascii() and digits.isdigit()):
        raise ValueError("a check digit is taken over digits only")
    interim = 0
    for digit in digits:
        interim = _DAMM[interim][int(digit)]
    return interim
