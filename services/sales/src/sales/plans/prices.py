"""What a car of a published plan costs from a day on. Orders keep the price they were made at; who settles at
the price of the day, or asks for a car again, gets the one that holds then.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, model_validator
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from chassis.days import Day
from chassis.errors import NotFound, Problem
from chassis.logging import get_logger
from iran import tehran_date
from sales.plans import queries
from sales.plans.commands import Prepayment, Price, check_prepayment
from sales.plans.domain import IllegalPlanMove, PlanFaulty, Stage
from sales.plans.drafts import draft_of
from sales.plans.faults import price_faults
from sales.plans.service import locked
from sales.plans.tables import Offering, OfferingPrice, Plan

BATCH = 100
log = get_logger(__name__)


class PriceInThePast(Problem):
    status = 409
    code = "price_in_the_past"
    fa = "قیمت تازه از امروز یا روزهای آینده برقرار می‌شود."
    en = "A new price holds from today or a coming day on."


class PriceTaken(Problem):
    status = 409
    code = "price_taken"
    fa = "برای این روز قیمتی ثبت شده است."
    en = "There is a price for this day."


class NewPrice(BaseModel):
    """Money in Rial; from the beginning of Tehran's day ``valid_from`` on."""

    model_config = ConfigDict(extra="forbid")

    offering_id: UUID
    valid_from: Day
    price: Price
    prepayment: Prepayment

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        check_prepayment(self.prepayment, self.price)
        return self


async def of_plan(session: AsyncSession, plan_id: UUID) -> Sequence[OfferingPrice]:
    """Latest first. Raises ``NotFound``."""
    plan = await queries.find(session, plan_id)
    query = select(OfferingPrice).where(OfferingPrice.offering_id.in_([car.id for car in plan.offerings]))
    return (await session.scalars(query.order_by(OfferingPrice.valid_from.desc(), OfferingPrice.id))).all()


async def decide(
    session: AsyncSession, plan_id: UUID, command: NewPrice, author: UUID, now: datetime
) -> OfferingPrice:
    """Writes the price down; one of today holds at once.

    Raises ``NotFound``, ``IllegalPlanMove`` where the plan is not published, ``PriceInThePast``,
    ``PriceTaken``, and ``PlanFaulty`` where the plan's instalments do not come out with it.
    """
    plan = await locked(session, plan_id)
    car = next((car for car in plan.offerings if car.id == command.offering_id), None)
    if car is None:
        raise NotFound
    if plan.stage != Stage.PUBLISHED:
        raise IllegalPlanMove(move="reprice")
    if command.valid_from < tehran_date(now):
        raise PriceInThePast
    _judge(plan, car, command)
    row = OfferingPrice(id=uuid7(), created_by=author, created_at=now, **command.model_dump())
    await _write(session, row)
    if row.valid_from == tehran_date(now):
        _apply(plan, car, row, now)
    return row


def _judge(plan: Plan, car: Offering, command: NewPrice) -> None:
    form = draft_of(plan)
    new = command.model_dump(include={"price", "prepayment"})
    offerings = [
        each.model_copy(update=new) if row.id == car.id else each
        for row, each in zip(plan.offerings, form.offerings, strict=True)
    ]
    if found := price_faults(form.model_copy(update={"offerings": offerings})):
        raise PlanFaulty(errors=found)


async def _write(session: AsyncSession, row: OfferingPrice) -> None:
    session.add(row)
    try:
        await session.flush()
    except IntegrityError as error:
        if "offering_prices_one_a_day" in str(error.orig):
            raise PriceTaken from error
        raise


async def apply_due(session: AsyncSession, now: datetime) -> bool:
    """Lets the prices hold whose day has come, plan by plan; True when more may be waiting."""
    today = tehran_date(now)
    due = OfferingPrice.applied_at.is_(None) & (OfferingPrice.valid_from <= today)
    query = select(Offering.plan_id).join(OfferingPrice, OfferingPrice.offering_id == Offering.id).where(due)
    plan_ids = (await session.scalars(query.distinct().order_by(Offering.plan_id).limit(BATCH))).all()
    for plan_id in plan_ids:
        plan = await locked(session, plan_id)
        cars = {car.id: car for car in plan.offerings}
        rows = select(OfferingPrice).where(due, OfferingPrice.offering_id.in_(cars))
        for row in await session.scalars(rows.order_by(OfferingPrice.valid_from)):
            _apply(plan, cars[row.offering_id], row, now)
    return len(plan_ids) == BATCH


def _apply(plan: Plan, car: Offering, row: OfferingPrice, now: datetime) -> None:
    car.price, car.prepayment = row.price, row.prepayment
    plan.version += 1
    row.applied_at = now
    log.info("sales.plan.repriced", plan_id=plan.id, offering_id=car.id, price_id=row.id)
