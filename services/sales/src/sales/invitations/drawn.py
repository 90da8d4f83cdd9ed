"""What invitations read of draws and plans: who was selected, who is next in reserve, today's terms."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from sales.draws.publishing import heirs
from sales.draws.tables import DrawResult
from sales.orders.domain import OrderState
from sales.orders.tables import Order
from sales.plans.domain import QuotaKey
from sales.plans.freezing import frozen
from sales.plans.tables import Offering, Plan
from sales.rules.tables import RuleSet


@dataclass(frozen=True, order=True)
class Vacancy:
    """A car of a plan that a class of applicants has."""

    plan_id: UUID
    offering_id: UUID
    applicant_class: str

    @property
    def seat(self) -> QuotaKey:
        return self.offering_id, "class", self.applicant_class


async def terms_of_car(session: AsyncSession, car: Offering) -> dict[str, object]:
    """What an order of this car, made now, freezes; JSON."""
    plan = await session.get_one(Plan, car.plan_id)
    rule_set = await session.get(RuleSet, plan.rule_set_id) if plan.rule_set_id else None
    known = {rule_set.id: rule_set} if rule_set else {}
    return frozen(plan, known).order_terms[car.id].model_dump(mode="json")


async def heirs_of(session: AsyncSession, vacancy: Vacancy) -> Sequence[Vacancy]:
    """The same car for the classes to which the plan hands on what this one leaves."""
    plan = await session.get_one(Plan, vacancy.plan_id)
    return [
        replace(vacancy, applicant_class=code) for code in heirs(vacancy.applicant_class, plan.quota_handover)
    ]


async def next_in_reserve(session: AsyncSession, vacancy: Vacancy, count: int) -> Sequence[UUID]:
    """The orders that follow in the draw's reserve for this car; those that still wait only."""
    query = (
        select(DrawResult.order_id)
        .join(Order, Order.id == DrawResult.order_id)
        .where(
            DrawResult.plan_id == vacancy.plan_id,
            DrawResult.offering_id == vacancy.offering_id,
            DrawResult.applicant_class == vacancy.applicant_class,
            ~DrawResult.selected,
            Order.state == OrderState.REGISTERED,
        )
        .order_by(DrawResult.position)
        .limit(count)
    )
    return (await session.scalars(query)).all()


@dataclass(frozen=True)
class Winner:
    """An order that the draw selected for a car."""

    order_id: UUID
    vacancy: Vacancy


async def selected(session: AsyncSession, plan_id: UUID, after: UUID | None, limit: int) -> Sequence[Winner]:
    """A page of who was selected, in the order of their ids, whatever became of them since."""
    query = select(DrawResult).where(DrawResult.plan_id == plan_id, DrawResult.selected)
    if after is not None:
        query = query.where(DrawResult.order_id > after)
    rows = await session.scalars(query.order_by(DrawResult.order_id).limit(limit))
    return [Winner(row.order_id, Vacancy(row.plan_id, row.offering_id, row.applicant_class)) for row in rows]
