"""The pair of numbers that pays a bill at a bank.

Every bill has a file code of its own, from a sequence. A payment id carries thousands of Rial up to
99,999,999,000: a bill whose amount is not one of those gets no pair, since a rounded one would leave
it neither paid nor unpaid; it is paid online.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Sequence
from sqlalchemy.ext.asyncio import AsyncSession

from iran import BillPair, Invalid, jalali_year, tehran_date

FILE_CODES = Sequence("bill_file_codes")
"""From 1 to 99,999,999, then from the start: the year in the payment id keeps the pairs apart."""
PERIOD = 0


@dataclass(frozen=True)
class Biller:
    """The company (three digits) and kind of service (one) that the bill ids name."""

    company: int
    service: int


async def new_pair(session: AsyncSession, biller: Biller, amount: int, now: datetime) -> BillPair | None:
    return pair_of(biller, await session.scalar(FILE_CODES) or 0, amount, now)


def pair_of(biller: Biller, file_code: int, amount: int, now: datetime) -> BillPair | None:
    """None when no payment id can carry ``amount`` (Rial)."""
    try:
        return BillPair.issue(
            file_code=file_code,
            company=biller.company,
            service=biller.service,
            amount=amount,
            year=jalali_year(tehran_date(now)) % 10,
            period=PERIOD,
        )
    except Invalid as invalid:
        if invalid.reason is not BillPair.wrong_amount:
            raise
        return None
