"""The Sheba of an account and the number of a card."""

from typing import ClassVar, Self

from iran.banks import BANK_BY_CARD_PREFIX, BANK_BY_CODE, Bank
from iran.digits import compact
from iran.invalid import Invalid, Reason
from iran.text_value import TextValue


class Sheba(TextValue):
    """An Iranian IBAN: `IR`, two check digits, three of the bank, nineteen of the account.

    The letters may be missing or small in what a person types.
    """

    __slots__ = ()

    pattern = r"^IR[0-9]{24}$"
    example = "IR820540102680020817909002"
    visible = (4, 4)
    malformed = Reason(
        "sheba_format",
        "A Sheba has the letters IR and twenty-four digits.",
        "شماره شبا حروف IR و بیست‌وچهار رقم دارد.",
    )
    wrong_check_digits: ClassVar[Reason] = Reason(
        "sheba_check_digits",
        "The Sheba is mistyped: its check digits do not fit.",
        "شماره شبا درست وارد نشده است؛ ارقام کنترل آن نمی‌خواند.",
    )

    @classmethod
    def _canonical(cls, text: str) -> str:
        signs = compact(text).upper()
        return signs if signs.startswith("IR") else f"IR{signs}"

    @classmethod
    def _check(cls, canonical: str) -> None:
        if canonical[2:4] != cls.check_digits(canonical[4:]):
            raise Invalid(cls.wrong_check_digits)

    @staticmethod
    def check_digits(bank_and_account: str) -> str:
        """ISO 7064 MOD 97-10 over the 22 digits and the letters I = 18, R = 27; from 02 to 98."""
        return f"{98 - int(bank_and_account + '182700') % 97:02d}"

    @classmethod
    def of_account(cls, bank_code: str, account: str) -> Self:
        """The Sheba of an account: three digits of the bank, up to nineteen of the account."""
        body = bank_code + account.zfill(19)
        return cls(f"IR{cls.check_digits(body)}{body}")

    @property
    def bank(self) -> Bank | None:
        return BANK_BY_CODE.get(self[4:7])

    @property
    def account(self) -> str:
        """The account's nineteen digits, leading zeros included."""
        return self[7:]


class Card(TextValue):
    """A bank card's sixteen digits. Hold one no longer than the call that needs it; store its mask only."""

    __slots__ = ()

    pattern = r"^[0-9]{16}$"
    example = "6037701689095443"
    visible = (6, 4)
    malformed = Reason("card_format", "A card number has sixteen digits.", "شماره کارت شانزده رقم دارد.")
    wrong_check_digit: ClassVar[Reason] = Reason(
        "card_check_digit",
        "The card number is mistyped: its check digit does not fit.",
        "شماره کارت درست وارد نشده است؛ رقم کنترل آن نمی‌خواند.",
    )

    @classmethod
    def _check(cls, canonical: str) -> None:
        if canonical[-1] != cls.check_digit(canonical[:-1]):
            raise Invalid(cls.wrong_check_digit)

    @staticmethod
    def check_digit(first_fifteen: str) -> str:
        """Luhn: every second digit doubled, its digits added, the sum completed to a multiple of ten."""
        doubled = (sum(divmod(2 * int(digit), 10)) for digit in first_fifteen[::2])
        single = (int(digit) for digit in first_fifteen[1::2])
        return str(-(sum(doubled) + sum(single)) % 10)

    @property
    def bank(self) -> Bank | None:
        return BANK_BY_CARD_PREFIX.get(self[:6])
