"""The way of a car to its buyer, step by step, and why a step is refused."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from chassis.errors import FieldError, Problem, Sentence
from sales.orders.domain import ENDED, OrderState

StepName = Literal["allocated", "invoiced", "plated", "sent_to_dealer", "ready", "delivered"]


@dataclass(frozen=True, slots=True)
class Step:
    """``move`` is the order's; ``detail`` what has to be said with it: the number that it gives the car."""

    move: str
    after: OrderState
    detail: str | None = None


_S = OrderState
STEPS: Mapping[StepName, Step] = {
    "allocated": Step("allocate", _S.SETTLED, "vin"),
    "invoiced": Step("invoice", _S.ALLOCATED, "invoice_number"),
    "plated": Step("plate", _S.INVOICED, "plate"),
    "sent_to_dealer": Step("send", _S.PLATED),
    "ready": Step("make_ready", _S.SENT_TO_DEALER),
    "delivered": Step("deliver", _S.READY),
}
"""In their order; a step is named by the state it leads to."""
_ORDER = list(STEPS)

STEP_WORDS: Mapping[str, StepName] = {
    "تخصیص": "allocated",
    "صدور فاکتور": "invoiced",
    "شماره‌گذاری": "plated",
    "ارسال به نمایندگی": "sent_to_dealer",
    "آماده تحویل": "ready",
    "تحویل": "delivered",
}
"""What people call the steps in their files."""


class StepRefused(Problem):
    """A step that is not taken; ``field`` is the one to look at."""

    field = ""


class UnknownContract(StepRefused):
    status = 404
    code = "unknown_contract"
    field = "contract_number"
    fa = "قراردادی با این شماره نیست."
    en = "There is no contract with this number."


class OrderIsOver(StepRefused):
    code = "order_is_over"
    field = "contract_number"
    fa = "این سفارش پایان یافته است (انصراف، ابطال یا گذشت مهلت)."
    en = "This order is over: cancelled, voided or lapsed."


class BuyerNotEligible(StepRefused):
    code = "buyer_not_eligible"
    field = "contract_number"
    fa = "خریدار دیگر شرایط طرح را ندارد؛ سفارش باطل شد و پول او برمی‌گردد."
    en = "The buyer no longer meets the plan's conditions; the order is void and the money goes back."


class AlreadyTaken(StepRefused):
    code = "step_already_taken"
    field = "step"
    fa = "این مرحله پیش‌تر ثبت شده است."
    en = "This step has been taken already."


class WrongStep(StepRefused):
    code = "wrong_step"
    field = "step"
    fa = "نوبت این مرحله نیست."
    en = "It is not this step's turn."


class DetailMissing(StepRefused):
    status = 422
    code = "detail_missing"
    fa = "این مرحله به این داده نیاز دارد."
    en = "This step needs this detail."

    def __init__(self, field: str) -> None:
        super().__init__(missing=field, errors=[FieldError(field, self.code, Sentence(self.fa, self.en))])
        self.field = field


class VinTaken(StepRefused):
    code = "vin_taken"
    field = "vin"
    fa = "این خودرو به قرارداد دیگری تخصیص یافته است."
    en = "This car is allocated to another contract."


class VinRepeated(StepRefused):
    code = "vin_repeated"
    field = "vin"
    fa = "این شماره VIN بیش از یک بار در این پرونده آمده است."
    en = "This VIN is in this file more than once."


class VinDiffers(StepRefused):
    code = "vin_differs"
    field = "vin"
    fa = "خودروی دیگری به این قرارداد تخصیص یافته است."
    en = "Another car is allocated to this contract."


class InvoiceNumberTaken(StepRefused):
    code = "invoice_number_taken"
    field = "invoice_number"
    fa = "فاکتوری با این شماره برای خودروی دیگری صادر شده است."
    en = "This invoice number belongs to another car."


class PlateTaken(StepRefused):
    code = "plate_taken"
    field = "plate"
    fa = "این پلاک از آن خودروی دیگری است."
    en = "This plate belongs to another car."


class DayInFuture(StepRefused):
    code = "day_in_future"
    field = "on"
    fa = "تاریخ این مرحله هنوز نرسیده است."
    en = "The day of this step is still to come."


class DayBeforeLastStep(StepRefused):
    code = "day_before_last_step"
    field = "on"
    fa = "تاریخ این مرحله پیش از مرحله‌ی قبلی است."
    en = "The day of this step is before the last one's."


def check_turn(step: StepName, state: str) -> None:
    """Raises ``OrderIsOver``, ``AlreadyTaken`` or ``WrongStep`` unless it is this step's turn."""
    if state in ENDED:
        raise OrderIsOver
    if state in _ORDER and _ORDER.index(state) >= _ORDER.index(step):
        raise AlreadyTaken
    if state != STEPS[step].after:
        raise WrongStep


def check_day(on: date, last: date | None, today: date) -> None:
    if on > today:
        raise DayInFuture
    if last is not None and on < last:
        raise DayBeforeLastStep
