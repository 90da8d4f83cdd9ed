"""A step as staff report it, in a request or as a line of a file."""

from typing import Annotated

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from chassis.days import FileDay
from chassis.validation import wrong_value
from iran import Vin, matching_key, normalise, to_ascii_digits
from sales.deliveries.domain import STEP_WORDS, StepName
from sales.orders.numbers import parse_number

_STEPS = {matching_key(words): step for words, step in STEP_WORDS.items()}


def _contract_number(text: str) -> str:
    number = parse_number(text)
    if number is None:
        raise wrong_value(
            "contract_number_format",
            "شماره قرارداد دوازده رقم دارد و رقم آخر آن درستی بقیه را نشان می‌دهد.",
            "A contract number has twelve digits, of which the last checks the others.",
        )
    return number


def _step(value: object) -> object:
    return _STEPS.get(matching_key(value), value.strip().lower()) if isinstance(value, str) else value


def _written(value: str) -> str:
    return normalise(to_ascii_digits(value))


ContractNumber = Annotated[str, Field(max_length=40), AfterValidator(_contract_number)]
Written = Annotated[str, Field(min_length=1, max_length=40), AfterValidator(_written)]


class DeliveryStep(BaseModel):
    """``on`` is the day on which it happened, today unless it is said; ``vin`` may be repeated later on."""

    model_config = ConfigDict(extra="forbid")

    contract_number: Annotated[ContractNumber, Field(title="شماره قرارداد")]
    step: Annotated[StepName, BeforeValidator(_step), Field(title="مرحله")]
    on: Annotated[FileDay | None, Field(title="تاریخ")] = None
    vin: Annotated[Vin | None, Field(title="شماره شاسی")] = None
    invoice_number: Annotated[Written | None, Field(title="شماره فاکتور")] = None
    plate: Annotated[Written | None, Field(title="پلاک")] = None
