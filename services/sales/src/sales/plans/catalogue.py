"""The published plans and the dealerships in memory: what a launch is answered from.

Refreshed from the database several times a second, so a plan that staff changed, a car that came
back or a sold-out offering is known on every process within that time.
"""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import TracebackType
from typing import Self
from uuid import UUID

from sqlalchemy import select

from chassis.clock import Clock
from chassis.database import Database
from chassis.errors import NotFound
from chassis.logging import get_logger
from sales.dealerships.tables import Dealership
from sales.plans import queries
from sales.plans.domain import PlanState, state_at
from sales.plans.tables import Plan

log = get_logger(__name__)


@dataclass(frozen=True)
class OfferedCar:
    """An offering; ``available`` is as of the last refresh."""

    offering_id: UUID
    model: str
    trim: str
    colours: tuple[str, ...]
    price: int
    prepayment: int
    available: int


@dataclass(frozen=True)
class PublishedPlan:
    plan_id: UUID
    circular: str
    title: str
    kind: str
    method: str
    stage: str
    opens_at: datetime
    closes_at: datetime
    pay_within: timedelta
    minimum_age: int
    required_inquiries: tuple[str, ...]
    offerings: Mapping[UUID, OfferedCar]

    def state_at(self, now: datetime) -> PlanState:
        return state_at(self.stage, self.opens_at, self.closes_at, now)


class Catalogue:
    """Open it as a context to keep it fresh; ``sold_out`` is also told by admission at once."""

    def __init__(self, database: Database, clock: Clock, refresh_seconds: float) -> None:
        self._database = database
        self._clock = clock
        self._refresh_seconds = refresh_seconds
        self._plans: dict[UUID, PublishedPlan] = {}
        self._provinces: dict[UUID, str] = {}
        self._one_at_a_time = asyncio.Lock()
        self.sold_out: set[UUID] = set()

    async def __aenter__(self) -> Self:
        await self.refresh()
        self._refreshing = asyncio.create_task(self._refresh_for_ever())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._refreshing.cancel()
        with suppress(asyncio.CancelledError):
            await self._refreshing

    def now(self) -> datetime:
        return self._clock()

    def plans(self) -> list[PublishedPlan]:
        return list(self._plans.values())

    def plan(self, plan_id: UUID) -> PublishedPlan:
        """Raises ``NotFound`` for what is not published."""
        plan = self._plans.get(plan_id)
        if plan is None:
            raise NotFound
        return plan

    def province_of(self, dealership_id: UUID) -> str | None:
        """The province of an active dealership, None for any other id."""
        return self._provinces.get(dealership_id)

    def provinces(self) -> frozenset[str]:
        """Where there is a dealership."""
        return frozenset(self._provinces.values())

    async def refresh(self) -> None:
        """What was committed before the call is in the picture after it, and stays."""
        async with self._one_at_a_time, self._database.transaction() as session:
            plans = [_published(row) for row in await queries.published(session)]
            dealerships = await session.execute(
                select(Dealership.id, Dealership.province).where(Dealership.active)
            )
            self._provinces = {row.id: row.province for row in dealerships}
        self._plans = {plan.plan_id: plan for plan in plans}
        self.sold_out = {
            car.offering_id for plan in plans for car in plan.offerings.values() if car.available == 0
        }

    async def _refresh_for_ever(self) -> None:
        while True:
            await asyncio.sleep(self._refresh_seconds)
            try:
                await self.refresh()
            except Exception as error:  # noqa: BLE001 the last picture serves until the database is back
                log.warning("sales.catalogue.stale", error=type(error).__name__)


def _published(plan: Plan) -> PublishedPlan:
    cars = (
        OfferedCar(
            offering_id=row.id,
            model=row.model,
            trim=row.trim,
            colours=tuple(row.colours),
            price=row.price,
            prepayment=row.prepayment,
            available=row.capacity - row.sold,
        )
        for row in plan.offerings
    )
    return PublishedPlan(
        plan_id=plan.id,
        circular=plan.circular,
        title=plan.title,
        kind=plan.kind,
        method=plan.method,
        stage=plan.stage,
        opens_at=plan.opens_at,
        closes_at=plan.closes_at,
        pay_within=plan.pay_within,
        minimum_age=plan.minimum_age,
        required_inquiries=tuple(plan.required_inquiries),
        offerings={car.offering_id: car for car in cars},
    )
