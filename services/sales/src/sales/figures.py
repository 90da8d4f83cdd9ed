"""How figures are said to people."""

from chassis.errors import Sentence
from iran import to_persian_digits


def percent(basis_points: int) -> Sentence:
    """``۱۸٪``, ``۲٫۵٪``; ``18%``, ``2.5%``."""
    whole, rest = divmod(basis_points, 100)
    decimals = f".{rest:02}".rstrip("0") if rest else ""
    number = f"{whole}{decimals}"
    return Sentence(f"{to_persian_digits(number.replace('.', '٫'))}٪", f"{number}%")
