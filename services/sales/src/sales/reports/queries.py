"""Counting: orders, cars, complaints."""

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Text, case, func, literal_column, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from chassis.database import Database
from sales.contracts.tables import Contract
from sales.dealerships.tables import Dealership
from sales.orders.tables import Order
from sales.plans.tables import Offering, Plan, Quota
from sales.voice.domain import ComplaintState
from sales.voice.queries import is_overdue
from sales.voice.tables import Complaint

Group = Literal["plan", "state", "day", "dealership", "class", "car"]
BATCH = 2000
TEHRAN_DAY = func.date(func.timezone("Asia/Tehran", Order.placed_at))
GROUPS: Mapping[Group, ColumnElement[Any] | InstrumentedAttribute[Any]] = {
    "plan": Plan.circular,
    "state": Order.state,
    "day": TEHRAN_DAY,
    "dealership": Dealership.code,
    "class": Order.applicant_class,
    "car": Order.title,
}
"""What orders may be counted by. A day is one of Tehran's."""


@dataclass(frozen=True)
class Chosen:
    """Which orders: of a plan, placed from ``since`` on and before ``until``."""

    plan_id: UUID | None = None
    since: datetime | None = None
    until: datetime | None = None

    def conditions(self) -> list[ColumnElement[bool]]:
        made: list[ColumnElement[bool]] = []
        if self.plan_id is not None:
            made.append(Order.plan_id == self.plan_id)
        if self.since is not None:
            made.append(Order.placed_at >= self.since)
        if self.until is not None:
            made.append(Order.placed_at < self.until)
        return made


async def orders_by(
    session: AsyncSession, groups: Collection[Group], chosen: Chosen
) -> Sequence[Sequence[Any]]:
    """A row for each combination: the groups in their order, the number of orders, the sum of prices."""
    columns = [GROUPS[group] for group in groups]
    query: Select[Any] = select(*columns, func.count(), func.sum(Order.price))
    query = query.select_from(Order).where(*chosen.conditions())
    if "plan" in groups:
        query = query.outerjoin(Plan, Plan.id == Order.plan_id)
    if "dealership" in groups:
        query = query.outerjoin(Dealership, Dealership.id == Order.dealership_id)
    positions: list[ColumnElement[Any]] = [literal_column(str(place)) for place in range(1, len(columns) + 1)]
    rows = await session.execute(query.group_by(*positions).order_by(*positions))
    return [[*row[:-1], int(row[-1] or 0)] for row in rows]


async def capacity(session: AsyncSession, plan_id: UUID | None) -> Sequence[Sequence[Any]]:
    """Offerings and their quotas: circular, model, trim, level, key, capacity, sold, free."""
    free = Offering.capacity - Offering.sold
    offerings = select(
        Plan.circular, Offering.model, Offering.trim, Offering.id, Offering.capacity, Offering.sold, free
    ).join(Plan, Plan.id == Offering.plan_id)
    if plan_id is not None:
        offerings = offerings.where(Plan.id == plan_id)
    found = (await session.execute(offerings.order_by(Plan.opens_at, Plan.id, Offering.position))).all()
    quotas = await _quotas(session, [row.id for row in found])
    rows: list[Sequence[Any]] = []
    for row in found:
        name = (row.circular, row.model, row.trim)
        rows.append([*name, "offering", "", row.capacity, row.sold, row[-1]])
        rows += [[*name, *quota] for quota in quotas.get(row.id, [])]
    return rows


async def _quotas(session: AsyncSession, offering_ids: Collection[UUID]) -> dict[UUID, list[Sequence[Any]]]:
    """By offering: level, key (a dealership's is its code), capacity, sold, free."""
    is_its = (Quota.level == "dealership") & (Quota.key == Dealership.id.cast(Text))
    key, free = func.coalesce(Dealership.code, Quota.key), Quota.capacity - Quota.sold
    query = select(Quota.offering_id, Quota.level, key, Quota.capacity, Quota.sold, free)
    query = query.outerjoin(Dealership, is_its).order_by(Quota.level, Quota.position)
    chosen = Quota.offering_id.in_(offering_ids), Quota.capacity.is_not(None)
    found: dict[UUID, list[Sequence[Any]]] = {}
    for offering_id, *row in await session.execute(query.where(*chosen)):
        found.setdefault(offering_id, []).append(row)
    return found


async def complaints(session: AsyncSession, now: datetime) -> Sequence[Sequence[Any]]:
    """For each section: unresolved, warned of, overdue, at an office, resolved."""
    state = Complaint.state
    offices = (ComplaintState.AT_PROVINCE, ComplaintState.AT_BOARD, ComplaintState.DECIDED)
    unresolved = state != ComplaintState.RESOLVED
    counted = (
        unresolved,
        unresolved & (Complaint.warned > 0),
        is_overdue(now),
        state.in_(offices),
        state == ComplaintState.RESOLVED,
    )
    columns = [func.count(case((condition, 1))) for condition in counted]
    query = select(Complaint.section, *columns).group_by(Complaint.section).order_by(Complaint.section)
    return [list(row) for row in await session.execute(query)]


async def orders(database: Database, chosen: Chosen) -> AsyncIterator[Sequence[Sequence[Any]]]:
    """Every order, oldest first, in batches with a short transaction each: a slow reader holds nothing."""
    last: UUID | None = None
    while True:
        query = _EXPORTED.where(*chosen.conditions()).order_by(Order.id).limit(BATCH)
        async with database.transaction() as session:
            rows = (await session.execute(query.where(Order.id > last) if last else query)).all()
        if rows:
            yield [row[1:] for row in rows]
            last = rows[-1][0]
        if len(rows) < BATCH:
            return


_EXPORTED = (
    select(
        Order.id,
        Order.request_number,
        Contract.number,
        Plan.circular,
        Order.title,
        Order.colour,
        Order.applicant_class,
        Dealership.code,
        Order.state,
        Order.price,
        Order.prepayment,
        Order.placed_at,
    )
    .outerjoin(Contract, Contract.order_id == Order.id)
    .outerjoin(Plan, Plan.id == Order.plan_id)
    .outerjoin(Dealership, Dealership.id == Order.dealership_id)
)
ORDER_TITLES = (
    "request_number",
    "contract_number",
    "circular",
    "car",
    "colour",
    "class",
    "dealership",
    "state",
    "price",
    "prepayment",
    "placed_at",
)
