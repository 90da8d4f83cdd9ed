"""Numbers of the civil and the company registry."""

from typing import ClassVar

from iran.digits import compact
from iran.invalid import Invalid, Reason
from iran.text_value import TextValue


class NationalCode(TextValue):
    """A natural person's ten-digit code (کد ملی).

    Eight or nine digits are padded with zeros on the left. The first three digits name the town that
    issued it; towns are not checked, since every published list of them refuses real people.
    """

    __slots__ = ()

    pattern = r"^[0-9]{10}$"
    example = "0499370899"
    visible = (0, 3)
    malformed = Reason("national_code_format", "A national code has ten digits.", "کد ملی ده رقم دارد.")
    repeated: ClassVar[Reason] = Reason(
        "national_code_repeated",
        "A national code is not one digit repeated.",
        "کد ملی نمی‌تواند تکرار یک رقم باشد.",
    )
    wrong_check_digit: ClassVar[Reason] = Reason(
        "national_code_check_digit",
        "The national code is mistyped: its check digit does not fit.",
        "کد ملی درست وارد نشده است؛ رقم کنترل آن نمی‌خواند.",
    )

    @classmethod
    def _canonical(cls, text: str) -> str:
        digits = compact(text)
        return digits.zfill(10) if len(digits) in {8, 9} else digits

    @classmethod
    def _check(cls, canonical: str) -> None:
        if len(set(canonical)) == 1:
            raise Invalid(cls.repeated)
        if canonical[-1] != cls.check_digit(canonical[:-1]):
            raise Invalid(cls.wrong_check_digit)

    @staticmethod
    def check_digit(first_nine: str) -> str:
        """The tenth digit: weights 10 down to 2, modulo 11, and its complement when it is 2 or more."""
        rest = sum(int(digit) * (10 - place) for place, digit in enumerate(first_nine)) % 11
        return str(rest if rest < 2 else 11 - rest)  # noqa: PLR2004 - the rule's own number


class LegalId(TextValue):
    """A company's eleven-digit id (شناسه ملی)."""

    __slots__ = ()

    pattern = r"^[0-9]{11}$"
    example = "10380284790"
    malformed = Reason(
        "legal_id_format", "A company's national id has eleven digits.", "شناسه ملی شرکت یازده رقم دارد."
    )
    wrong_check_digit: ClassVar[Reason] = Reason(
        "legal_id_check_digit",
        "The company's national id is mistyped: its check digit does not fit.",
        "شناسه ملی درست وارد نشده است؛ رقم کنترل آن نمی‌خواند.",
    )

    @classmethod
    def _check(cls, canonical: str) -> None:
        if canonical[-1] != cls.check_digit(canonical[:-1]):
            raise Invalid(cls.wrong_check_digit)

    @staticmethod
    def check_digit(first_ten: str) -> str:
        """The eleventh digit: the tenth digit plus 2 is added to each digit before weighting."""
        added = int(first_ten[9]) + 2
        weights = (29, 27, 23, 19, 17) * 2
        rest = sum((added + int(digit)) * weight for digit, weight in zip(first_ten, weights, strict=True))
        return str(rest % 11 % 10)
