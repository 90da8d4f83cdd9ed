"""How figures are said to people."""

from iran import to_persian_digits


def percent(basis_points: int) -> str:
    """``۱۸٪``, ``۲٫۵٪``."""
    whole, rest = divmod(basis_points, 100)
    decimals = f"٫{to_persian_digits(f'{rest:02}'.rstrip('0'))}" if rest else ""
    return f"{to_persian_digits(whole)}{decimals}٪"
