"""Money: a whole, non-negative number of Rial."""

from typing import Any, ClassVar, Self

from persiantools.digits import to_word
from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

from iran.digits import to_ascii_digits, to_persian_digits
from iran.invalid import Invalid, Reason
from iran.text_value import as_pydantic

_THOUSANDS = str.maketrans(dict.fromkeys(map(ord, ",٬،\u200c\u200e\u200f")))
_UNITS = ("ریال", "rials", "rial", "irr")
_RIAL_PER_TOMAN = 10
_WITHOUT_WORDS = 10**15


class Rial(int):
    """An amount from 0 to 10^18 Rial; an `int`, so that it adds, compares and is stored as one.

    Sums, products with a whole number and differences stay `Rial`; a difference below zero raises
    `Invalid`. A signed amount, as a ledger needs, is a plain `int`.
    """

    __slots__ = ()

    MAX: ClassVar[int] = 10**18
    """Fits a 64-bit database column and leaves room to sum."""
    malformed: ClassVar[Reason] = Reason(
        "rial_format", "An amount is a whole number of Rial.", "مبلغ باید عددی صحیح به ریال باشد."
    )
    negative: ClassVar[Reason] = Reason(
        "rial_negative", "An amount is not below zero.", "مبلغ نمی‌تواند کمتر از صفر باشد."
    )
    too_large: ClassVar[Reason] = Reason(
        "rial_too_large", "The amount is larger than any possible.", "مبلغ بیش از اندازه ممکن است."
    )

    def __new__(cls, amount: int) -> Self:
        if not isinstance(amount, int) or isinstance(amount, bool):
            raise Invalid(cls.malformed)
        if amount < 0:
            raise Invalid(cls.negative)
        if amount > cls.MAX:
            raise Invalid(cls.too_large)
        return super().__new__(cls, amount)

    @classmethod
    def parse(cls, text: str) -> Self:
        """From what a person typed: Persian digits, thousands separators, the word Rial at the end."""
        digits = _without_unit("".join(to_ascii_digits(text).translate(_THOUSANDS).lower().split()))
        if not (digits.isascii() and digits.isdigit()):
            raise Invalid(cls.malformed)
        if len(digits.lstrip("0")) > len(str(cls.MAX)):
            raise Invalid(cls.too_large)
        return cls(int(digits))

    @classmethod
    def from_toman(cls, toman: int) -> Self:
        return cls(toman * _RIAL_PER_TOMAN)

    def __add__(self, other: int) -> "Rial":
        return Rial(int(self) + other)

    __radd__ = __add__

    def __sub__(self, other: int) -> "Rial":
        return Rial(int(self) - other)

    def __mul__(self, count: int) -> "Rial":
        return Rial(int(self) * count)

    __rmul__ = __mul__

    def __str__(self) -> str:
        return int.__repr__(self)

    def __repr__(self) -> str:
        return f"Rial({self})"

    @property
    def text_fa(self) -> str:
        """For people: `۱۲٬۵۰۰٬۰۰۰ ریال`."""
        return f"{_grouped(int(self))} ریال"

    @property
    def words_fa(self) -> str:
        """For contracts and receipts: `دوازده میلیون و پانصد هزار ریال`; in digits from 10^15 on."""
        return f"{to_word(int(self))} ریال" if self < _WITHOUT_WORDS else self.text_fa

    @property
    def toman_fa(self) -> str:
        """For people, in Toman: `۱٬۲۵۰٬۰۰۰ تومان`; a rest below ten Rial is one decimal."""
        toman, rest = divmod(int(self), _RIAL_PER_TOMAN)
        decimal = f"٫{to_persian_digits(rest)}" if rest else ""
        return f"{_grouped(toman)}{decimal} تومان"

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(cls._validated)

    @classmethod
    def __get_pydantic_json_schema__(
        cls, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        return {
            "type": "integer",
            "minimum": 0,
            "maximum": cls.MAX,
            "examples": [12_500_000_000],
            "description": cls.malformed.en,
        }

    @classmethod
    def _validated(cls, amount: object) -> Self:
        """A whole number, or its text as forms and query strings send it; never a float."""
        try:
            return cls.parse(amount) if isinstance(amount, str) else cls._from_number(amount)
        except Invalid as invalid:
            raise as_pydantic(invalid) from None

    @classmethod
    def _from_number(cls, amount: object) -> Self:
        if not isinstance(amount, int):
            raise Invalid(cls.malformed)
        return cls(amount)


def _without_unit(text: str) -> str:
    return next((text.removesuffix(unit) for unit in _UNITS if text.endswith(unit)), text)


def _grouped(number: int) -> str:
    return to_persian_digits(f"{number:,}".replace(",", "٬"))
