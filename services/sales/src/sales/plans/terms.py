"""What a plan promises and asks for, and what of it an order freezes.

Rates are in basis points (10,000 are the whole); yearly ones are simple, by the day, of 365 days. Money is
in Rial. Sources: the makers' circulars; each figure is the plan's data.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from chassis.days import Day
from iran import BillPair

WHOLE = 10_000
Rate = Annotated[int, Field(ge=0, le=WHOLE)]
Days = Annotated[int, Field(ge=1, le=3650)]
Amount = Annotated[int, Field(gt=0, le=BillPair.MAX_AMOUNT, multiple_of=BillPair.STEP)]
PricePolicy = Literal["fixed", "day_price"]
PenaltyKind = Literal[
    "immediate", "definite_pre_sale", "ordinary_pre_sale", "participation", "custom_limited"
]
Until = Literal["payment", "settlement", "allocation"]
"""Up to which event of its life an order may be changed."""


class _Frozen(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Instalment(_Frozen):
    """Due ``after_days`` of the contract or on ``due_date``; one of the two is given.

    It is a ``share`` of the price, an ``amount``, or, with neither, an equal part of what the prepayment
    and the others leave of the price.
    """

    after_days: Days | None = None
    due_date: Day | None = None
    share: Annotated[int, Field(gt=0, le=WHOLE)] | None = None
    amount: Amount | None = None


class Rates(_Frozen):
    """The profits and the late fee are yearly; ``cancellation_deduction`` is of what was paid.

    ``penalty_kind`` chooses the row of the table of delay penalties.
    """

    participation_profit: Rate = 0
    cancellation_profit: Rate = 0
    cancellation_deduction: Rate = 0
    late_fee: Rate = 0
    penalty_kind: PenaltyKind | None = None


class Periods(_Frozen):
    """Working days of banks for what is to be paid; calendar months after which a lapse is a cancellation;
    calendar days in which the other may accept a transfer.
    """

    invitation_days: Annotated[int, Field(ge=1, le=60)] = 7
    settlement_days: Annotated[int, Field(ge=1, le=365)] = 10
    refund_days: Annotated[int, Field(ge=1, le=365)] = 10
    expiry_months: Annotated[int, Field(ge=1, le=60)] = 6
    transfer_days: Annotated[int, Field(ge=1, le=60)] = 7


class PlanTerms(_Frozen):
    """``deposit`` is what an applicant's bank blocks. ``colour_until`` and ``dealership_until`` say up to
    when the buyer may change them, None that they may not. A draw's reserve has ``reserve_percent`` places
    for the cars that a class can get.
    """

    price_policy: PricePolicy = "fixed"
    deposit: Annotated[int, Field(ge=0, le=10**13)] = 0
    instalments: Annotated[tuple[Instalment, ...], Field(max_length=60)] = ()
    rates: Rates = Rates()
    periods: Periods = Periods()
    transfer_allowed: bool = False
    cancellation_allowed: bool = True
    reassignment_allowed: bool = True
    colour_until: Until | None = None
    dealership_until: Until | None = None
    reserve_percent: Annotated[int, Field(ge=0, le=10_000)] = 100


class DueInstalment(_Frozen):
    """``number`` counts from 1."""

    number: int
    amount: int
    after_days: int | None = None
    due_date: Day | None = None


class Delivery(_Frozen):
    """Between two dates, or within ``days`` of the contract; all None when nothing was promised."""

    from_date: Day | None = None
    until_date: Day | None = None
    days: int | None = None


class RuleSetVersion(_Frozen):
    """The rules of eligibility that the buyer met."""

    rule_set_id: UUID
    version: int


class OrderTerms(PlanTerms):
    """Everything an order keeps of its plan; the price and the prepayment are columns of the order.

    ``schedule`` is what follows the prepayment; what it leaves of the price is the principal.
    """

    kind: str = "immediate"
    method: str = "first_come"
    schedule: tuple[DueInstalment, ...] = ()
    delivery: Delivery = Delivery()
    rule_set: RuleSetVersion | None = None


def amounts(price: int, prepayment: int, instalments: Sequence[Instalment]) -> list[int]:
    """The amount of each instalment, a multiple of what a bill can carry except that the last open one
    takes what rounding left; negative where the others exceed the price.
    """
    known = [_known(price, each) for each in instalments]
    left = price - prepayment - sum(amount for amount in known if amount is not None)
    open_ones = [index for index, amount in enumerate(known) if amount is None]
    part = left // max(len(open_ones), 1) // BillPair.STEP * BillPair.STEP
    last = open_ones[-1] if open_ones else None
    rest = left - part * (len(open_ones) - 1)
    return [
        amount if amount is not None else rest if index == last else part
        for index, amount in enumerate(known)
    ]


def schedule(price: int, prepayment: int, instalments: Sequence[Instalment]) -> tuple[DueInstalment, ...]:
    """The instalments of one car."""
    return tuple(
        DueInstalment(number=number, amount=amount, after_days=each.after_days, due_date=each.due_date)
        for number, (each, amount) in enumerate(
            zip(instalments, amounts(price, prepayment, instalments), strict=True), 1
        )
    )


def due_on(instalment: DueInstalment, contracted_on: date) -> date:
    """The last day on which an instalment is in time."""
    if instalment.due_date is not None:
        return max(instalment.due_date, contracted_on)
    return contracted_on + timedelta(days=instalment.after_days or 0)


def _known(price: int, instalment: Instalment) -> int | None:
    if instalment.share is not None:
        return price * instalment.share // WHOLE // BillPair.STEP * BillPair.STEP
    return instalment.amount
