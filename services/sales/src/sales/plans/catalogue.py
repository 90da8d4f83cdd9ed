"""The published plans and the dealerships in memory: what a launch is answered from.

Refreshed from the database several times a second, so a plan that staff changed, a car that came
back or a sold-out offering is known on every process within that time.
"""

import asyncio
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from types import TracebackType
from typing import Self, cast
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.clock import Clock
from chassis.database import Database
from chassis.errors import NotFound
from chassis.logging import get_logger
from sales.dealerships.tables import Dealership
from sales.plans import queries
from sales.plans.domain import PlanState, QuotaKey, QuotaLevel, Stage, state_at
from sales.plans.freezing import FrozenPlan, frozen
from sales.plans.tables import Offering, Plan
from sales.plans.terms import OrderTerms, PlanTerms, RuleSetVersion
from sales.rules.domain import Rule
from sales.rules.queries import by_id

log = get_logger(__name__)


@dataclass(frozen=True)
class OfferedCar:
    """An offering; ``available`` and the free cars of its limited quotas are as of the last refresh.

    ``dealerships`` are those that take part, none when all do. ``terms`` are what an order freezes, also as
    JSON text.
    """

    offering_id: UUID
    model: str
    trim: str
    colours: tuple[str, ...]
    price: int
    prepayment: int
    available: int
    free_in_quotas: Mapping[tuple[QuotaLevel, str], int]
    dealerships: frozenset[UUID]
    terms: OrderTerms
    terms_text: str

    def free_by(self, level: QuotaLevel) -> dict[str, int]:
        """The free cars of each limited quota of the level, never more than the offering has."""
        found = self.free_in_quotas.items()
        return {key: min(free, self.available) for (of_level, key), free in found if of_level == level}


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
    paused: bool
    pay_within: timedelta
    minimum_age: int
    required_inquiries: tuple[str, ...]
    applicant_classes: tuple[str, ...]
    max_choices: int
    terms: PlanTerms
    rule_set: RuleSetVersion | None
    rules: tuple[Rule, ...]
    offerings: Mapping[UUID, OfferedCar]

    def state_at(self, now: datetime) -> PlanState:
        return state_at(self.stage, self.opens_at, self.closes_at, now, paused=self.paused)


class Catalogue:
    """Open it as a context to keep it fresh; ``sold_out`` is also told by admission at once."""

    def __init__(self, database: Database, clock: Clock, refresh_seconds: float) -> None:
        self._database = database
        self._clock = clock
        self._refresh_seconds = refresh_seconds
        self._plans: dict[UUID, PublishedPlan] = {}
        self._provinces: dict[UUID, str] = {}
        self._one_at_a_time = asyncio.Lock()
        self._frozen: dict[tuple[UUID, int], FrozenPlan] = {}
        self.sold_out: set[UUID | QuotaKey] = set()

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
            plans = await self._published(session)
            dealerships = await session.execute(
                select(Dealership.id, Dealership.province).where(Dealership.active)
            )
            self._provinces = {row.id: row.province for row in dealerships}
        self._plans = {plan.plan_id: plan for plan in plans}
        self.sold_out = {full for plan in plans for car in plan.offerings.values() for full in _full(car)}

    async def _published(self, session: AsyncSession) -> list[PublishedPlan]:
        """What of a version of a plan never changes is worked out once."""
        rows = await queries.published(session)
        unknown = [row for row in rows if (row.id, row.version) not in self._frozen]
        ids = {row.rule_set_id for row in unknown if row.rule_set_id is not None}
        rule_sets = await by_id(session, ids)
        new = {(row.id, row.version): frozen(row, rule_sets) for row in unknown}
        known = self._frozen | new
        self._frozen = {(row.id, row.version): known[row.id, row.version] for row in rows}
        return [published_plan(row, self._frozen[row.id, row.version]) for row in rows]

    async def _refresh_for_ever(self) -> None:
        while True:
            await asyncio.sleep(self._refresh_seconds)
            try:
                await self.refresh()
            except Exception as error:  # noqa: BLE001 the last picture serves until the database is back
                log.warning("sales.catalogue.stale", error=type(error).__name__)


async def as_published(session: AsyncSession, plan: Plan) -> PublishedPlan:
    """A draft as the public would see it."""
    rule_sets = await by_id(session, [plan.rule_set_id] if plan.rule_set_id is not None else ())
    return replace(published_plan(plan, frozen(plan, rule_sets)), stage=Stage.PUBLISHED)


def published_plan(plan: Plan, kept: FrozenPlan) -> PublishedPlan:
    """The plan as the public sees it."""
    return PublishedPlan(
        plan_id=plan.id,
        circular=plan.circular,
        title=plan.title,
        kind=plan.kind,
        method=plan.method,
        stage=plan.stage,
        opens_at=plan.opens_at,
        closes_at=plan.closes_at,
        paused=plan.paused,
        pay_within=plan.pay_within,
        minimum_age=plan.minimum_age,
        required_inquiries=tuple(plan.required_inquiries),
        applicant_classes=tuple(plan.applicant_classes),
        max_choices=plan.max_choices,
        terms=kept.terms,
        rule_set=kept.rule_set,
        rules=kept.rules,
        offerings={row.id: _car(row, kept) for row in plan.offerings},
    )


def _car(row: Offering, kept: FrozenPlan) -> OfferedCar:
    limits = [quota for quota in row.quotas if quota.capacity is not None]
    return OfferedCar(
        offering_id=row.id,
        model=row.model,
        trim=row.trim,
        colours=tuple(row.colours),
        price=row.price,
        prepayment=row.prepayment,
        available=row.capacity - row.sold,
        free_in_quotas={
            (cast("QuotaLevel", quota.level), quota.key): (quota.capacity or 0) - quota.sold
            for quota in limits
        },
        dealerships=frozenset(UUID(quota.key) for quota in row.quotas if quota.level == "dealership"),
        terms=kept.order_terms[row.id],
        terms_text=kept.texts[row.id],
    )


def _full(car: OfferedCar) -> Iterator[UUID | QuotaKey]:
    if car.available == 0:
        yield car.offering_id
    for (level, key), free in car.free_in_quotas.items():
        if free == 0:
            yield car.offering_id, level, key
