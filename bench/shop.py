"""A stand-in for the gateway that answers what the portal's public pages ask for."""

import sys
from datetime import UTC, datetime, timedelta
from typing import Any

import uvloop
from fastapi import FastAPI

from chassis.server import serve, stop_on_signals

PLAN = "01890000-0000-7000-8000-000000000001"
CARS = [
    {
        "offering_id": f"01890000-0000-7000-8000-00000000001{number}",
        "model": "سپند",
        "trim": "دنده‌ای",
        "colours": ["سفید", "مشکی"],
        "price": 9_800_000_000,
        "prepayment": 1_900_000_000,
        "available": 100,
        "available_by_class": {},
        "available_by_colour": {},
        "available_by_dealership": {},
        "dealerships": [],
        "schedule": [],
        "delivery": {"from_date": None, "until_date": None, "days": 30},
    }
    for number in range(3)
]
TERMS = {
    "price_policy": "fixed",
    "deposit": 0,
    "instalments": [],
    "rates": {
        "participation_profit": 0,
        "cancellation_profit": 0,
        "cancellation_deduction": 0,
        "late_fee": 0,
        "penalty_kind": None,
    },
    "periods": {"invitation_days": 7, "settlement_days": 10, "refund_days": 10, "expiry_months": 6},
    "transfer_allowed": False,
    "cancellation_allowed": True,
    "reassignment_allowed": True,
    "colour_until": "settlement",
    "dealership_until": None,
}

app = FastAPI(openapi_url=None)


@app.get("/livez")
async def livez() -> dict[str, bool]:
    return {"ok": True}


def plan() -> dict[str, Any]:
    now = datetime.now(UTC)
    return {
        "plan_id": PLAN,
        "circular": "۱۴۰۴-۱۰۱",
        "title": "فروش فوری",
        "kind": "immediate",
        "method": "first_come",
        "state": "open",
        "opens_at": now - timedelta(hours=1),
        "closes_at": now + timedelta(days=3),
        "now": now,
        "opens_in_seconds": None,
        "closes_in_seconds": 3 * 86_400,
        "sold_out": False,
        "applicant_classes": ["ordinary"],
        "max_choices": 1,
        "terms": TERMS,
        "offerings": CARS,
    }


@app.get("/api/v1/plans")
async def plans() -> dict[str, Any]:
    return {"items": [plan() for _ in range(5)], "next_cursor": None}


@app.get("/api/v1/plans/{plan_id}")
async def one_plan(plan_id: str) -> dict[str, Any]:
    return plan() | {"plan_id": plan_id}


@app.get("/api/v1/announcements")
async def announcements() -> dict[str, Any]:
    return {"items": [], "categories": []}


@app.get("/api/v1/office-hours")
async def office_hours() -> dict[str, Any]:
    return {
        "phone": "02142724",
        "weekly_hours": {},
        "open_now": True,
        "open_until": None,
        "next_opening": None,
    }


async def run(port: int) -> None:
    await serve(app, "127.0.0.1", port, stop_on_signals())


if __name__ == "__main__":
    uvloop.run(run(int(sys.argv[1])))
