"""The way of an order as a timeline: what happened, where it stands, what is still to come."""

from collections.abc import Mapping, Sequence
from typing import Any

from portal.words import word

WAY = (
    "contract_active",
    "settled",
    "allocated",
    "invoiced",
    "plated",
    "sent_to_dealer",
    "ready",
    "delivered",
)
BEFORE_CONTRACT = frozenset({"registered", "awaiting_payment", "paid", "invitation_expired"})

Row = dict[str, str]


def rows(order: Mapping[str, Any]) -> list[Row]:
    """For the component ``timeline``; the newest fact is where the order stands."""
    happened = [_row(entry["state"], "done", entry["at"]) for entry in order["timeline"]]
    coming = [_row(state, "later") for state in to_come(order)]
    if happened:
        happened[-1]["state"] = "now" if coming else "done"
    return [*happened, *coming]


def to_come(order: Mapping[str, Any]) -> Sequence[str]:
    """The milestones after the present state; none for an order that has ended."""
    state = order["state"]
    if state in BEFORE_CONTRACT:
        return WAY
    return WAY[WAY.index(state) + 1 :] if state in WAY else ()


def _row(state: str, when: str, at: str = "") -> Row:
    return {"title": word(state, "milestone"), "state": when, "at": at, "note": ""}
