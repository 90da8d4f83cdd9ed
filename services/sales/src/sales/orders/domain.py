"""The states of an order and the moves between them."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from chassis.errors import Problem


class OrderState(StrEnum):
    AWAITING_PAYMENT = "awaiting_payment"
    PAID = "paid"
    CONTRACT_ACTIVE = "contract_active"
    LAPSED = "lapsed"


MOVES = {
    (OrderState.AWAITING_PAYMENT, "pay"): OrderState.PAID,
    (OrderState.PAID, "activate"): OrderState.CONTRACT_ACTIVE,
    (OrderState.AWAITING_PAYMENT, "lapse"): OrderState.LAPSED,
}
LIVE = frozenset(OrderState) - {OrderState.LAPSED}


class IllegalOrderMove(Exception):
    """The order's state does not allow this move."""


def moved(state: str, move: str) -> OrderState:
    """The state after ``move``; raises ``IllegalOrderMove``."""
    target = MOVES.get((OrderState(state), move))
    if target is None:
        raise IllegalOrderMove(f"{move} from {state}")
    return target


@dataclass(frozen=True, slots=True)
class Choice:
    """What a buyer asks for; ``fingerprint`` is that of the request."""

    customer_id: UUID
    plan_id: UUID
    offering_id: UUID
    dealership_id: UUID
    colour: str | None
    idempotency_key: str | None
    fingerprint: bytes


@dataclass(frozen=True, slots=True)
class Receipt:
    """The answer to a buyer whose order was taken."""

    order_id: UUID
    request_number: str
    state: str
    pay_before: datetime


class SoldOut(Problem):
    status = 409
    code = "sold_out"
    fa = "ظرفیت این خودرو تکمیل شده است."
    en = "This car is sold out."


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
