"""The pair of numbers that pays a bill at any bank: bill id (شناسه قبض) and payment id (شناسه پرداخت).

Both stay text: leading zeros count. A bill id is file code, company (3 digits), service (1), check digit.
A payment id is thousands of Rial, year (1), period (2) and two check digits, the second of which ties it
to its bill.
"""

from dataclasses import dataclass
from enum import IntEnum
from itertools import cycle
from typing import ClassVar, Self

from iran.invalid import Invalid, Reason
from iran.rial import Rial
from iran.text_value import TextValue


class Service(IntEnum):
    """What a bill is for."""

    WATER = 1
    ELECTRICITY = 2
    GAS = 3
    LANDLINE = 4
    MOBILE = 5
    MUNICIPALITY = 6
    OTHER = 7
    TAX = 8
    TRAFFIC_FINE = 9


def check_digit(digits: str) -> str:
    """Weights 2 to 7, repeating from the right, modulo 11; 0 and 1 give 0, the others their complement."""
    rest = (
        sum(int(digit) * weight for digit, weight in zip(reversed(digits), cycle(range(2, 8)), strict=False))
        % 11
    )
    return str(0 if rest < 2 else 11 - rest)  # noqa: PLR2004 - the rule's own number


class BillId(TextValue):
    """Says who is to be paid, and for which of their files."""

    __slots__ = ()

    pattern = r"^[0-9]{6,13}$"
    example = "7748317800142"
    malformed = Reason(
        "bill_id_format", "A bill id has six to thirteen digits.", "شناسه قبض شش تا سیزده رقم دارد."
    )
    wrong_check_digit: ClassVar[Reason] = Reason(
        "bill_id_check_digit",
        "The bill id is mistyped: its check digit does not fit.",
        "شناسه قبض درست وارد نشده است؛ رقم کنترل آن نمی‌خواند.",
    )

    @classmethod
    def _check(cls, canonical: str) -> None:
        if canonical[-1] != check_digit(canonical[:-1]):
            raise Invalid(cls.wrong_check_digit)

    @property
    def file_code(self) -> str:
        return self[:-5]

    @property
    def company(self) -> str:
        return self[-5:-2]

    @property
    def service(self) -> int:
        """One of `Service`, or a number that has no name yet."""
        return int(self[-2])


class PaymentId(TextValue):
    """Says how much is to be paid, and for which period."""

    __slots__ = ()

    pattern = r"^[0-9]{6,13}$"
    example = "1770160"
    malformed = Reason(
        "payment_id_format", "A payment id has six to thirteen digits.", "شناسه پرداخت شش تا سیزده رقم دارد."
    )
    wrong_check_digit: ClassVar[Reason] = Reason(
        "payment_id_check_digit",
        "The payment id is mistyped: its check digit does not fit.",
        "شناسه پرداخت درست وارد نشده است؛ رقم کنترل آن نمی‌خواند.",
    )

    @classmethod
    def _check(cls, canonical: str) -> None:
        if canonical[-2] != check_digit(canonical[:-2]):
            raise Invalid(cls.wrong_check_digit)

    @property
    def amount(self) -> Rial:
        return Rial(int(self[:-5]) * 1000)

    @property
    def year(self) -> int:
        """The last digit of the Jalali year."""
        return int(self[-5])

    @property
    def period(self) -> int:
        return int(self[-4:-2])

    def belongs_to(self, bill_id: BillId) -> bool:
        return self[-1] == check_digit(bill_id + self[:-1])


@dataclass(frozen=True, slots=True)
class BillPair:
    """A bill id and the payment id that belongs to it; `Invalid` when it belongs to another bill."""

    bill_id: BillId
    payment_id: PaymentId

    STEP: ClassVar[int] = 1_000
    """Amounts that a payment id can carry are multiples of this many Rial."""
    MAX_AMOUNT: ClassVar[int] = 99_999_999 * STEP

    mismatch: ClassVar[Reason] = Reason(
        "bill_pair_mismatch",
        "The payment id does not belong to the bill id.",
        "شناسه پرداخت به این شناسه قبض تعلق ندارد.",
    )
    wrong_amount: ClassVar[Reason] = Reason(
        "bill_amount",
        "A bill's amount is a multiple of 1,000 Rial, from 1,000 to 99,999,999,000.",
        "مبلغ قبض مضربی از ۱٬۰۰۰ ریال و از ۱٬۰۰۰ تا ۹۹٬۹۹۹٬۹۹۹٬۰۰۰ ریال است.",
    )
    wrong_part: ClassVar[Reason] = Reason(
        "bill_part",
        "A bill's file code has at most eight digits, its company three, service and year one, period two.",
        "کد پرونده قبض حداکثر هشت رقم، کد شرکت سه رقم، نوع خدمت و سال یک رقم و دوره دو رقم است.",
    )

    def __post_init__(self) -> None:
        if not self.payment_id.belongs_to(self.bill_id):
            raise Invalid(self.mismatch)

    @classmethod
    def parse(cls, bill_id: str, payment_id: str) -> Self:
        return cls(BillId.parse(bill_id), PaymentId.parse(payment_id))

    @classmethod
    def issue(
        cls,
        *,
        file_code: int,
        company: int,
        amount: int,
        year: int,
        period: int,
        service: int = Service.OTHER,
    ) -> Self:
        """The pair for a new bill: thirteen digits of bill id, no leading zeros in the payment id.

        `amount` is in Rial; `year` is the last digit of the Jalali year. The same parts give the same pair,
        so the caller keeps (file code, amount, year, period) unique among unpaid bills.
        """
        parts = ((file_code, 10**8), (company, 10**3), (service, 10), (year, 10), (period, 100))
        if not all(0 <= part < limit for part, limit in parts):
            raise Invalid(cls.wrong_part)
        if amount % cls.STEP or not cls.STEP <= amount <= cls.MAX_AMOUNT:
            raise Invalid(cls.wrong_amount)
        bill = _with_check_digit(f"{file_code:08d}{company:03d}{service:d}")
        payment = _with_check_digit(f"{amount // cls.STEP}{year}{period:02d}")
        return cls(BillId(bill), PaymentId(payment + check_digit(bill + payment)))

    @property
    def amount(self) -> Rial:
        return self.payment_id.amount

    @property
    def barcode(self) -> str:
        """The 26 digits under a printed bill's bars: both ids, each padded to thirteen."""
        return self.bill_id.zfill(13) + self.payment_id.zfill(13)


def _with_check_digit(digits: str) -> str:
    return digits + check_digit(digits)
