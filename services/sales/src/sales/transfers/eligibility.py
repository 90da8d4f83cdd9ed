"""Whether who is to have a contract might have ordered in its plan."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from iran import tehran_date
from sales.dealerships.tables import Dealership
from sales.eligibility import queries
from sales.eligibility.domain import Terms, refusal
from sales.orders.tables import Order
from sales.plans.freezing import frozen
from sales.plans.tables import Plan
from sales.rules.tables import RuleSet


async def check_recipient(session: AsyncSession, order: Order, recipient: UUID, now: datetime) -> None:
    """By the rules of the plan, as they are today; raises ``NotEligible``."""
    plan = await session.get_one(Plan, order.plan_id)
    rule_set = await session.get(RuleSet, plan.rule_set_id) if plan.rule_set_id else None
    provinces = await session.scalars(select(Dealership.province).where(Dealership.active).distinct())
    terms = Terms(
        tehran_date(now),
        plan.minimum_age,
        frozenset(provinces),
        tuple(plan.required_inquiries),
        frozen(plan, {rule_set.id: rule_set} if rule_set else {}).rules,
        order.applicant_class,
    )
    refused = refusal(await queries.applicant(session, plan.id, recipient, terms), terms)
    if refused is not None:
        raise refused
