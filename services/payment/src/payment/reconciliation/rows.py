"""A line of the file in which a provider reports a day."""

from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from chassis.days import Day
from iran import Rial

Word = Annotated[str, Field(min_length=1, max_length=64, pattern=r"^[0-9A-Za-z/+=_-]+$")]


class ProviderDay(BaseModel):
    """``provider`` is what it is called at payment; ``day`` is Tehran's."""

    model_config = ConfigDict(extra="forbid")

    provider: Annotated[str, Field(pattern=r"^[a-z]{2,20}$")]
    day: Day


class ReportedRow(BaseModel):
    """``authority`` is the provider's name of the session, ``reference`` the bank's of the money."""

    model_config = ConfigDict(extra="forbid")

    authority: Annotated[Word | None, Field(title="شناسه تراکنش")] = None
    reference: Annotated[Word | None, Field(title="شماره پیگیری")] = None
    amount: Annotated[Rial, Field(title="مبلغ")]
    returned: Annotated[bool, Field(title="برگشت خورده")] = False

    @model_validator(mode="after")
    def _names_its_payment(self) -> Self:
        if self.authority is None and self.reference is None:
            words = {
                "fa": "شناسه‌ی تراکنش یا شماره‌ی پیگیری لازم است.",
                "en": "An authority or a reference is needed.",
            }
            raise PydanticCustomError("payment_not_named", "{en}", words)
        return self
