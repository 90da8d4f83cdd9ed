"""Judging buyers anew by what is known of them now, and keeping the evidence."""

from collections import defaultdict
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from iran import tehran_date
from sales.deposits import queries as deposits
from sales.draws import queries as draws
from sales.eligibility import applicants, evidence
from sales.eligibility.domain import Applicant, Terms, Verdict, judge_again
from sales.eligibility.evidence import Checked, Occasion
from sales.plans.tables import Plan
from sales.plans.terms import PlanTerms
from sales.rules.domain import RULES
from sales.rules.tables import RuleSet

Void = Callable[[AsyncSession, Sequence[UUID], str, datetime], Awaitable[int]]
"""Ends orders because of a rule, gives the cars back and the money too; how many."""
Verdicts = Mapping[UUID, Sequence[Verdict]]
"""By the order."""


@dataclass(frozen=True, slots=True)
class Buyer:
    """Who ordered what, as which applicant."""

    order_id: UUID
    customer_id: UUID
    applicant_class: str


async def judge_buyers(
    session: AsyncSession, plan_id: UUID, buyers: Sequence[Buyer], occasion: Occasion, now: datetime
) -> Verdicts:
    """The verdicts about orders of one plan, which are kept with them."""
    terms = await _terms(session, plan_id, {buyer.applicant_class for buyer in buyers}, now)
    known = await _applicants(session, plan_id, buyers, terms)
    verdicts = {
        buyer.order_id: judge_again(known[buyer.customer_id], terms[buyer.applicant_class])
        for buyer in buyers
    }
    rule_set_id = next((each.rule_set_id for each in terms.values()), None)
    checks = [Checked(order_id, rule_set_id, found) for order_id, found in verdicts.items()]
    await evidence.keep(session, checks, occasion, now)
    return verdicts


def failed(verdicts: Verdicts) -> dict[str, list[UUID]]:
    """The orders by the first rule that speaks against them; what is not known speaks against nobody."""
    found_out: dict[str, list[UUID]] = defaultdict(list)
    for order_id, found in verdicts.items():
        against = next((each.rule for each in found if each.known and not each.passed), None)
        if against is not None:
            found_out[against].append(order_id)
    return found_out


async def _terms(
    session: AsyncSession, plan_id: UUID, classes: Collection[str], now: datetime
) -> dict[str, Terms]:
    """What the plan asks of each class of applicants.

    The deposit until the entrants of its draw are frozen: afterwards banks may let go of it.
    """
    plan = await session.get_one(Plan, plan_id)
    row = await session.get(RuleSet, plan.rule_set_id) if plan.rule_set_id is not None else None
    rules = RULES.validate_python(row.rules) if row is not None else ()
    awaited = await draws.awaits_freeze(session, plan_id)
    deposit = PlanTerms.model_validate(plan.terms).deposit if awaited else 0
    return {
        applicant_class: Terms(
            tehran_date(now),
            plan.minimum_age,
            frozenset(),
            tuple(plan.required_inquiries),
            rules,
            applicant_class,
            plan.rule_set_id,
            deposit,
        )
        for applicant_class in classes
    }


async def _applicants(
    session: AsyncSession, plan_id: UUID, buyers: Sequence[Buyer], terms: Mapping[str, Terms]
) -> Mapping[UUID, Applicant]:
    ids = [buyer.customer_id for buyer in buyers]
    known = await applicants.known(session, ids, terms.values())
    if not any(each.deposit for each in terms.values()):
        return known
    blocked = await deposits.blocked_of(session, plan_id, ids)
    if blocked is None:
        return known
    return {each: replace(applicant, blocked=blocked[each]) for each, applicant in known.items()}
