"""Draws. Amounts are Rial."""

from typing import Literal
from uuid import UUID

from pydantic import BaseModel

from events.event import Event


class DrawHeld(Event, name="sales.draw_held.v1", aggregate="plan_id"):
    """The cars of a plan were drawn; the results are there for everybody. Entries counted by outcome."""

    plan_id: UUID
    entries: int
    selected: int
    reserve: int


class Drawn(BaseModel):
    """What the draw says of one entry; ``rank`` is null for one that is neither selected nor in reserve."""

    order_id: UUID
    customer_id: UUID
    request_number: str
    outcome: Literal["selected", "reserve", "not_selected"]
    rank: int | None


class DrawResultsListed(Event, name="sales.draw_results_listed.v1", aggregate="plan_id"):
    """A page of what came of the entries of a plan's draw, whose buyers are told.

    Pages are counted from 1 and are in the order of the orders' ids; ``last`` is the one after which there is
    none. Sales takes the next page up when it hears of the one before.
    """

    plan_id: UUID
    title: str
    page: int
    last: bool
    results: list[Drawn]
