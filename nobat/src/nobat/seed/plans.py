"""Five plans: plenty, three cars, a pre-sale from tomorrow, instalments, a draw for several classes."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sales.plans.commands import OfferingDraft, PlanDraft
from sales.plans.domain import ApplicantClass
from sales.plans.terms import Instalment, PlanTerms, Rates
from sales.rules.domain import RULES, RuleSetDraft

OPEN_FOR = timedelta(days=365)
DRAW_OPEN_FOR = timedelta(days=30)
MILLION = 1_000_000
TOMAN = 10
"""Rial in a toman, in which cars are priced."""


def _car(
    model: str, trim: str, colours: list[str], price: int, prepayment: int, capacity: int, **more: Any
) -> OfferingDraft:
    """``price`` and ``prepayment`` in million tomans; ``more`` are other fields of the offering."""
    return OfferingDraft(
        model=model,
        trim=trim,
        colours=colours,
        price=price * MILLION * TOMAN,
        prepayment=prepayment * MILLION * TOMAN,
        capacity=capacity,
        **more,
    )


RULES_OF_THE_DRAW = RuleSetDraft(
    name="متقاضیان قرعه‌کشی",
    valid_from=date(2025, 3, 21),
    rules=RULES.validate_python(
        [
            {"name": "not_banned"},
            {"name": "no_active_plate", "single_older_than_years": 5},
            {"name": "months_since_purchase", "months": 48},
        ]
    ),
)
MONTHLY = tuple(Instalment(after_days=30 * month) for month in range(1, 13))
PRE_SALE_TERMS = PlanTerms(
    rates=Rates(cancellation_profit=1_200, cancellation_deduction=100, late_fee=1_800),
    transfer_allowed=True,
    colour_until="settlement",
    dealership_until="settlement",
)


def _quotas(**seats: int) -> dict[ApplicantClass, int]:
    """By class."""
    return {name: seats[name] for name in CLASSES}


CLASSES: list[ApplicantClass] = ["ordinary", "family_youth", "scrap_replacement", "veterans"]


def drafts(now: datetime, rule_set_id: UUID | None = None) -> Iterator[PlanDraft]:
    """The plans as they would be written at ``now``; their circulars do not depend on it.

    Who enters the draw must meet the rule set.
    """
    today = now.replace(minute=0, second=0, microsecond=0)
    yield PlanDraft(
        circular="۱۴۰۴-۱۰۱",
        title="فروش فوری، تحویل سی‌روزه",
        kind="immediate",
        opens_at=today - timedelta(hours=1),
        closes_at=today + OPEN_FOR,
        pay_within=timedelta(hours=48),
        offerings=[
            _car("سپند", "دنده‌ای", ["سفید", "خاکستری", "سرمه‌ای"], 980, 190, 2000, delivery_days=30),
            _car("سپند", "خودکار", ["سفید", "مشکی"], 1_240, 200, 1000, delivery_days=30),
        ],
        terms=PlanTerms(colour_until="payment", dealership_until="payment"),
    )
    yield PlanDraft(
        circular="۱۴۰۴-۱۰۲",
        title="فروش ویژه، تنها سه دستگاه",
        kind="immediate",
        opens_at=today - timedelta(hours=1),
        closes_at=today + OPEN_FOR,
        pay_within=timedelta(hours=24),
        offerings=[_car("البرز", "چهارچرخ‌محرک", ["مشکی"], 3_100, 200, 3)],
    )
    yield PlanDraft(
        circular="۱۴۰۴-۱۰۳",
        title="پیش‌فروش، تحویل بهار",
        kind="pre_sale",
        opens_at=now + timedelta(days=1),
        closes_at=now + OPEN_FOR,
        pay_within=timedelta(hours=72),
        terms=PRE_SALE_TERMS,
        offerings=[
            OfferingDraft(
                model="مهرگان",
                trim="برقی",
                colours=["سفید", "آبی"],
                price=2_400 * MILLION * TOMAN,
                prepayment=200 * MILLION * TOMAN,
                capacity=500,
                delivery_from=date(2027, 3, 21),
                delivery_until=date(2027, 6, 21),
            )
        ],
    )
    yield PlanDraft(
        circular="۱۴۰۴-۱۰۴",
        title="فروش اقساطی دوازده‌ماهه",
        kind="instalment",
        opens_at=today - timedelta(hours=1),
        closes_at=today + OPEN_FOR,
        pay_within=timedelta(hours=48),
        terms=PlanTerms(instalments=MONTHLY, rates=Rates(late_fee=2_400)),
        offerings=[
            _car(
                "سپند",
                "اقتصادی",
                ["سفید", "خاکستری"],
                840,
                240,
                300,
                colour_quotas={"سفید": 200, "خاکستری": 100},
                delivery_days=90,
            )
        ],
    )
    yield PlanDraft(
        circular="۱۴۰۴-۱۰۵",
        title="قرعه‌کشی فروش فوق‌العاده",
        kind="immediate",
        method="draw",
        opens_at=today - timedelta(hours=1),
        closes_at=today + DRAW_OPEN_FOR,
        pay_within=timedelta(hours=48),
        applicant_classes=CLASSES,
        quota_handover=["ordinary"],
        max_choices=2,
        rule_set_id=rule_set_id,
        offerings=[
            _car(
                "البرز",
                "شهری",
                ["سفید", "مشکی"],
                1_450,
                1_450,
                40,
                class_quotas=_quotas(ordinary=12, family_youth=20, scrap_replacement=4, veterans=4),
                delivery_days=90,
            ),
            _car(
                "مهرگان",
                "دوگانه",
                ["سفید", "آبی"],
                1_900,
                1_900,
                20,
                class_quotas=_quotas(ordinary=6, family_youth=10, scrap_replacement=2, veterans=2),
                delivery_days=90,
            ),
        ],
    )
