"""The states of an order and the moves between them."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from chassis.errors import Problem, Sentence
from sales.plans.domain import QuotaKey


class OrderState(StrEnum):
    """``registered`` waits for a draw; ``invitation_expired`` may ask for the car again."""

    REGISTERED = "registered"
    AWAITING_PAYMENT = "awaiting_payment"
    PAID = "paid"
    CONTRACT_ACTIVE = "contract_active"
    SETTLED = "settled"
    ALLOCATED = "allocated"
    INVOICED = "invoiced"
    PLATED = "plated"
    SENT_TO_DEALER = "sent_to_dealer"
    READY = "ready"
    DELIVERED = "delivered"
    INVITATION_EXPIRED = "invitation_expired"
    LAPSED = "lapsed"
    CANCELLED = "cancelled"
    VOIDED = "voided"


_S = OrderState
ENDED = frozenset({_S.LAPSED, _S.CANCELLED, _S.VOIDED})
LIVE = frozenset(OrderState) - ENDED
HOLDING = LIVE - {_S.REGISTERED, _S.INVITATION_EXPIRED}
"""An order in these states occupies a car in the counters of capacity."""
BEFORE_INVOICE = LIVE - {_S.INVOICED, _S.PLATED, _S.SENT_TO_DEALER, _S.READY, _S.DELIVERED}
"""Until the invoice a buyer may cancel."""
BEFORE_DELIVERY = LIVE - {_S.DELIVERED}
"""Until the delivery an order is void when its buyer turns out not to be eligible."""

MOVES = {
    (_S.REGISTERED, "invite"): _S.AWAITING_PAYMENT,
    (_S.AWAITING_PAYMENT, "pay"): _S.PAID,
    (_S.PAID, "activate"): _S.CONTRACT_ACTIVE,
    (_S.AWAITING_PAYMENT, "lapse"): _S.LAPSED,
    (_S.AWAITING_PAYMENT, "expire"): _S.INVITATION_EXPIRED,
    (_S.CONTRACT_ACTIVE, "expire"): _S.INVITATION_EXPIRED,
    (_S.INVITATION_EXPIRED, "invite"): _S.AWAITING_PAYMENT,
    (_S.INVITATION_EXPIRED, "reinstate"): _S.CONTRACT_ACTIVE,
    (_S.CONTRACT_ACTIVE, "settle"): _S.SETTLED,
    (_S.SETTLED, "allocate"): _S.ALLOCATED,
    (_S.ALLOCATED, "invoice"): _S.INVOICED,
    (_S.INVOICED, "plate"): _S.PLATED,
    (_S.PLATED, "send"): _S.SENT_TO_DEALER,
    (_S.SENT_TO_DEALER, "make_ready"): _S.READY,
    (_S.READY, "deliver"): _S.DELIVERED,
    **{(state, "cancel"): _S.CANCELLED for state in BEFORE_INVOICE},
    **{(state, "void"): _S.VOIDED for state in BEFORE_DELIVERY},
}


class IllegalOrderMove(Exception):
    """The order's state does not allow this move."""


def moved(state: str, move: str) -> OrderState:
    """The state after ``move``; raises ``IllegalOrderMove``."""
    target = MOVES.get((OrderState(state), move))
    if target is None:
        raise IllegalOrderMove(f"{move} from {state}")
    return target


@dataclass(frozen=True, slots=True)
class WantedCar:
    """One choice; ``colour`` None leaves it to the seller."""

    offering_id: UUID
    colour: str | None


@dataclass(frozen=True, slots=True)
class Choice:
    """What a buyer asks for: ``choices`` in the order of preference, one in a first-come plan.

    ``fingerprint`` is that of the request.
    """

    customer_id: UUID
    plan_id: UUID
    choices: tuple[WantedCar, ...]
    dealership_id: UUID
    applicant_class: str
    idempotency_key: str | None
    fingerprint: bytes

    @property
    def offering_id(self) -> UUID:
        return self.choices[0].offering_id

    @property
    def colour(self) -> str | None:
        return self.choices[0].colour


@dataclass(frozen=True, slots=True)
class Receipt:
    """The answer to a buyer whose order was taken."""

    order_id: UUID
    request_number: str
    state: str
    pay_before: datetime | None


class SoldOut(Problem):
    """``level`` says what has nothing left: the car, or its quota of a class, a dealership or a colour."""

    status = 409
    code = "sold_out"
    fa = "ظرفیت این خودرو تکمیل شده است."
    en = "This car is sold out."

    def __init__(self, full: UUID | QuotaKey) -> None:
        self.full = full
        super().__init__(level=full[1] if isinstance(full, tuple) else "car")

    @property
    def detail(self) -> Sentence:
        return SOLD_OUT[str(self.members["level"])]


SOLD_OUT = {
    "car": Sentence(SoldOut.fa, SoldOut.en),
    "class": Sentence(
        "سهمیه‌ی گروه شما برای این خودرو تکمیل شده است.", "The quota of your class is sold out."
    ),
    "dealership": Sentence(
        "سهمیه‌ی این نمایندگی برای این خودرو تکمیل شده است.", "The quota of this dealership is sold out."
    ),
    "colour": Sentence("این خودرو در این رنگ تمام شده است.", "This colour of the car is sold out."),
}


class OneOrderPerPlan(Problem):
    status = 409
    code = "one_order_per_plan"
    fa = "شما در این طرح یک سفارش دارید."
    en = "You already have an order in this plan."


class UnknownOffering(Problem):
    status = 422
    code = "unknown_offering"
    fa = "این خودرو در این طرح عرضه نمی‌شود."
    en = "This plan does not offer that car."


class UnknownColour(Problem):
    status = 422
    code = "unknown_colour"
    fa = "این خودرو در این رنگ عرضه نمی‌شود."
    en = "That car is not offered in this colour."


class UnknownDealership(Problem):
    status = 422
    code = "unknown_dealership"
    fa = "نمایندگی با این شناسه یافت نشد."
    en = "There is no such dealership."


class ColourRequired(Problem):
    status = 422
    code = "colour_required"
    fa = "این خودرو در هر رنگ تعداد معینی دارد؛ رنگ را انتخاب کنید."
    en = "This car is counted by colour; choose one."


class UnknownClass(Problem):
    status = 422
    code = "unknown_class"
    fa = "این طرح برای این گروه از متقاضیان نیست."
    en = "The plan is not for this class of applicants."


class DealershipNotOffered(Problem):
    status = 422
    code = "dealership_not_offered"
    fa = "این نمایندگی این خودرو را در این طرح تحویل نمی‌دهد."
    en = "This dealership does not hand that car over in this plan."


class TooManyChoices(Problem):
    status = 422
    code = "too_many_choices"
    fa = "در این طرح حداکثر {max_choices} انتخاب ممکن است."
    en = "This plan takes at most {max_choices} choices."


class RepeatedChoice(Problem):
    status = 422
    code = "repeated_choice"
    fa = "هر خودرو تنها یک بار انتخاب می‌شود."
    en = "Each car can be chosen once."
