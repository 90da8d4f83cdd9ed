"""Valid numbers made from an integer: the same for the same `n`, different for different `n`.

For demonstrations and load tests. They are well-formed, not real, though a real person may have one.
"""

from iran.bank_numbers import Card, Sheba
from iran.banks import BANK_BY_CARD_PREFIX, BANK_BY_CODE
from iran.identity_numbers import LegalId, NationalCode
from iran.phones import Mobile
from iran.postal_code import PostalCode
from iran.vin import Vin

LIMIT = 10**8 - 1
"""`n` runs from 0 up to this many; beyond it, `ValueError`."""
_STRIDE = 61_803_397  # has no factor in common with LIMIT or with ten, so that it visits every number once
_BANK_CODES = tuple(BANK_BY_CODE)
_CARD_PREFIXES = tuple(BANK_BY_CARD_PREFIX)


def national_code(n: int) -> NationalCode:
    first_nine = f"0{_scattered(n) + 1:08d}"
    return NationalCode(first_nine + NationalCode.check_digit(first_nine))


def legal_id(n: int) -> LegalId:
    first_ten = f"10{_scattered(n):08d}"
    return LegalId(first_ten + LegalId.check_digit(first_ten))


def mobile(n: int) -> Mobile:
    return Mobile(f"091{_scattered(n):08d}")


def sheba(n: int) -> Sheba:
    return Sheba.of_account(_BANK_CODES[n % len(_BANK_CODES)], str(_scattered(n)))


def card(n: int) -> Card:
    first_fifteen = f"{_CARD_PREFIXES[n % len(_CARD_PREFIXES)]}0{_scattered(n):08d}"
    return Card(first_fifteen + Card.check_digit(first_fifteen))


def postal_code(n: int) -> PostalCode:
    return PostalCode(f"11{_scattered(n):08d}")


def vin(n: int) -> Vin:
    """A car of Iran Khodro, whose numbers carry no check digit."""
    return Vin(f"NAAM01CA0{_scattered(n):08d}")


def _scattered(n: int) -> int:
    """A number from 0 to LIMIT - 1 that does not look like `n`; one to one."""
    if not 0 <= n < LIMIT:
        raise ValueError(f"n runs from 0 to {LIMIT - 1}")
    return n * _STRIDE % LIMIT
