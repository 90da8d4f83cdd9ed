"""A line of a bank's statement: one bill paid at a counter, a machine or in the bank's own application."""

from typing import Annotated, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from chassis.days import FileDay
from iran import BillId, BillPair, Invalid, PaymentId, Rial
from iran.text_value import as_pydantic

BANK_CODE = r"^0[0-9]{2}$"
REFERENCE = r"^[0-9A-Za-z/-]+$"


def _padded(value: str) -> str:
    """Spreadsheets drop the zeros that a bill id begins with."""
    return value.zfill(13)


def _stripped(value: str) -> str:
    return value.lstrip("0")


class Statement(BaseModel):
    """``bank`` is the three digits of its Shebas."""

    model_config = ConfigDict(extra="forbid")

    bank: Annotated[str, Field(pattern=BANK_CODE)]


class DepositRow(BaseModel):
    """``reference`` is the bank's and tells its deposits apart; ``on`` is the day on which the money came."""

    model_config = ConfigDict(extra="forbid")

    bill_id: Annotated[BillId, AfterValidator(_padded), Field(title="شناسه قبض")]
    payment_id: Annotated[PaymentId, AfterValidator(_stripped), Field(title="شناسه پرداخت")]
    amount: Annotated[Rial, Field(title="مبلغ")]
    reference: Annotated[str, Field(title="شماره پیگیری", min_length=1, max_length=40, pattern=REFERENCE)]
    on: Annotated[FileDay, Field(title="تاریخ")]

    @model_validator(mode="after")
    def _of_one_bill(self) -> Self:
        try:
            BillPair.parse(self.bill_id, self.payment_id)
        except Invalid as invalid:
            raise as_pydantic(invalid) from None
        return self

    @property
    def pair(self) -> tuple[str, str]:
        return (self.bill_id, self.payment_id)
