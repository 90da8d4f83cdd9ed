"""My orders: the list, one of them with all that belongs to it, and its documents."""

import asyncio
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Response

from portal.gateway import NotAnswering, Refused
from portal.pages.orders import life
from portal.visit import Member, Visit

router = APIRouter()

LOOK_AGAIN = "2"
"""Seconds after which the browser looks again for a bill that is being issued."""
HAS_CONTRACT = frozenset(life.WAY)
HAS_CAR = HAS_CONTRACT - {"contract_active", "settled"}
CANCELLABLE = frozenset(
    {
        "registered",
        "awaiting_payment",
        "paid",
        "contract_active",
        "settled",
        "allocated",
        "invitation_expired",
    }
)
CHANGEABLE = frozenset({"awaiting_payment", "paid", "contract_active", "settled"})
TRANSFERABLE = frozenset({"contract_active", "settled"})


@router.get("/orders")
async def my_orders(visit: Member, cursor: UUID | None = None) -> Response:
    page = await visit.get("/orders", {"cursor": cursor or ""})
    offered = [] if cursor else (await visit.get("/transfers"))["items"]
    next_path = f"/orders?cursor={page['next_cursor']}" if page["next_cursor"] else ""
    return visit.page(
        "orders/index.html",
        orders=page["items"],
        next_path=next_path,
        offered=[one for one in offered if one["direction"] == "in" and one["state"] == "proposed"],
    )


@router.get("/orders/{order_id}")
async def open_order(order_id: UUID, visit: Member, bill: UUID | None = None) -> Response:
    """``bill`` is one that was asked for just now; it comes in a moment."""
    order = await visit.get(f"/orders/{order_id}")
    state, path = order["state"], f"/orders/{order_id}"
    contract = state in HAS_CONTRACT or bool(order["contract_number"])
    schedule, car, delay, invitations, refunds, transfers = await asyncio.gather(
        _part(visit, f"{path}/schedule", when=contract),
        _part(visit, f"{path}/car", when=state in HAS_CAR),
        _part(visit, f"{path}/delay-penalty", when=contract),
        _part(visit, f"{path}/invitations", when=order["invitation_number"] is not None),
        _part(visit, f"/refunds?order_id={order_id}"),
        _part(visit, "/transfers", when=contract),
    )
    own = [one for one in (transfers or {"items": []})["items"] if one["order_id"] == str(order_id)]
    answer = visit.page(
        "orders/order.html",
        order=order,
        rows=life.rows(order),
        contract=contract,
        schedule=schedule,
        car=car,
        delay=delay,
        invitations=(invitations or {"items": []})["items"],
        refunds=(refunds or {"items": []})["items"],
        transfers=own,
        may_cancel=state in CANCELLABLE,
        may_change=state in CHANGEABLE,
        may_transfer=state in TRANSFERABLE,
    )
    waiting = bill is not None and str(bill) not in {one["id"] for one in order["bills"] or ()}
    if waiting or (state == "awaiting_payment" and order["bills"] == []):
        answer.headers["refresh"] = LOOK_AGAIN
    return answer


@router.get("/orders/{order_id}/placed")
async def placed(order_id: UUID, visit: Member) -> Response:
    order = await visit.get(f"/orders/{order_id}")
    answer = visit.page("orders/placed.html", order=order)
    if order["state"] == "awaiting_payment" and not order["bills"]:
        answer.headers["refresh"] = LOOK_AGAIN
    return answer


@router.get("/orders/{order_id}/events")
async def events(order_id: UUID, visit: Member) -> Response:
    return await visit.download(f"/orders/{order_id}/events")


@router.get("/orders/{order_id}/contract.pdf")
async def contract(order_id: UUID, visit: Member) -> Response:
    return await visit.download(f"/orders/{order_id}/contract.pdf")


@router.get("/orders/{order_id}/statement.pdf")
async def statement(order_id: UUID, visit: Member) -> Response:
    return await visit.download(f"/statements/{order_id}/statement.pdf")


async def _part(visit: Visit, path: str, *, when: bool = True) -> Any:
    """What belongs to an order; None where there is nothing or it cannot be had now."""
    if not when:
        return None
    where, _, query = path.partition("?")
    try:
        return await visit.get(where, dict([query.split("=")]) if query else None)
    except (Refused, NotAnswering):
        return None
