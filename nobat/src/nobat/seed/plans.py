"""Three plans: one with plenty, one with three cars, one that opens tomorrow."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from sales.plans.commands import OfferingDraft, PlanDraft

OPEN_FOR = timedelta(days=365)
MILLION = 1_000_000
TOMAN = 10
"""Rial in a toman, in which cars are priced."""


def _car(
    model: str, trim: str, colours: list[str], price: int, prepayment: int, capacity: int
) -> OfferingDraft:
    """``price`` and ``prepayment`` in million tomans."""
    return OfferingDraft(
        model=model,
        trim=trim,
        colours=colours,
        price=price * MILLION * TOMAN,
        prepayment=prepayment * MILLION * TOMAN,
        capacity=capacity,
    )


def drafts(now: datetime) -> Iterator[PlanDraft]:
    """The plans as they would be written at ``now``; their circulars do not depend on it."""
    today = now.replace(minute=0, second=0, microsecond=0)
    yield PlanDraft(
        circular="۱۴۰۴-۱۰۱",
        title="فروش فوری، تحویل سی‌روزه",
        kind="immediate",
        opens_at=today - timedelta(hours=1),
        closes_at=today + OPEN_FOR,
        pay_within=timedelta(hours=48),
        offerings=[
            _car("سپند", "دنده‌ای", ["سفید", "خاکستری", "سرمه‌ای"], 980, 490, 2000),
            _car("سپند", "خودکار", ["سفید", "مشکی"], 1_240, 620, 1000),
        ],
    )
    yield PlanDraft(
        circular="۱۴۰۴-۱۰۲",
        title="فروش ویژه، تنها سه دستگاه",
        kind="immediate",
        opens_at=today - timedelta(hours=1),
        closes_at=today + OPEN_FOR,
        pay_within=timedelta(hours=24),
        offerings=[_car("البرز", "چهارچرخ‌محرک", ["مشکی"], 3_100, 1_550, 3)],
    )
    yield PlanDraft(
        circular="۱۴۰۴-۱۰۳",
        title="پیش‌فروش، تحویل بهار",
        kind="pre_sale",
        opens_at=now + timedelta(days=1),
        closes_at=now + OPEN_FOR,
        pay_within=timedelta(hours=72),
        offerings=[
            OfferingDraft(
                model="مهرگان",
                trim="برقی",
                colours=["سفید", "آبی"],
                price=2_400 * MILLION * TOMAN,
                prepayment=960 * MILLION * TOMAN,
                capacity=500,
                delivery_from=date(2027, 3, 21),
                delivery_until=date(2027, 6, 21),
            )
        ],
    )
