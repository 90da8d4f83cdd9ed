"""Sales plans and orders for tests."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

CAR: dict[str, Any] = {
    "model": "سپند",
    "trim": "دنده‌ای",
    "colours": ["سفید", "مشکی"],
    "price": 1_960_000_000,
    "prepayment": 980_000_000,
    "capacity": 100,
}


def plan_form(*, car: Mapping[str, Any] | None = None, **changes: Any) -> dict[str, Any]:
    """The body that drafts a plan which is open for a day; ``car`` and ``changes`` say otherwise."""
    now = datetime.now(UTC)
    form: dict[str, Any] = {
        "circular": f"T-{uuid4().hex[:12]}",
        "title": "طرح آزمایشی",
        "kind": "immediate",
        "opens_at": (now - timedelta(minutes=1)).isoformat(),
        "closes_at": (now + timedelta(days=1)).isoformat(),
        "pay_within": "PT1H",
        "offerings": [{**CAR, **(car or {})}],
    }
    return form | changes


def order_form(
    plan: dict[str, Any], dealership_id: str, *, colour: str | None = None, applicant_class: str = "ordinary"
) -> dict[str, Any]:
    """The body that orders the plan's first car."""
    return {
        "plan_id": plan["plan_id"],
        "choices": [{"offering_id": plan["offerings"][0]["offering_id"], "colour": colour}],
        "dealership_id": dealership_id,
        "applicant_class": applicant_class,
    }
