"""Checking the buyers of a plan again, before a draw or whenever lists came in: who fails loses the order.

A run is a row that a job takes forward in batches, so that a crash goes on where it was. Only an answer
voids: what is not known is counted and left alone.
"""

from collections import defaultdict
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import SQLColumnExpression, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from chassis.errors import NotFound, Problem
from chassis.logging import get_logger
from iran import tehran_date
from sales.deposits import queries as deposits
from sales.draws import queries as draws
from sales.eligibility import applicants, evidence
from sales.eligibility.domain import Applicant, Terms, Verdict, judge_again
from sales.eligibility.evidence import Checked
from sales.eligibility.tables import Recheck
from sales.orders.domain import BEFORE_DELIVERY
from sales.orders.tables import Order
from sales.plans.tables import Plan
from sales.plans.terms import PlanTerms
from sales.rules.domain import RULES
from sales.rules.tables import RuleSet

BATCH = 500
Void = Callable[[AsyncSession, Sequence[UUID], str, datetime], Awaitable[int]]
"""Ends orders because of a rule, gives the cars back and the money too; how many."""
log = get_logger(__name__)


class RecheckRunning(Problem):
    status = 409
    code = "recheck_running"
    fa = "بررسی دوباره‌ی این طرح در جریان است."
    en = "The buyers of this plan are being checked again already."


async def start(session: AsyncSession, plan_id: UUID, by: UUID, now: datetime) -> Recheck:
    """Writes the run down; raises ``NotFound``, or ``RecheckRunning`` while another one is under way."""
    if await session.get(Plan, plan_id) is None:
        raise NotFound
    total = await session.scalar(select(func.count()).select_from(Order).where(*_waiting(plan_id, None)))
    run_id = uuid7()
    written = await session.execute(
        insert(Recheck)
        .values(
            id=run_id,
            plan_id=plan_id,
            requested_by=by,
            requested_at=now,
            total=total,
            checked=0,
            unknown=0,
            voided=0,
        )
        .on_conflict_do_nothing()
        .returning(Recheck.id)
    )
    if written.first() is None:
        raise RecheckRunning
    log.info("sales.recheck.started", recheck_id=run_id, plan_id=plan_id)
    return await session.get_one(Recheck, run_id)


async def latest(session: AsyncSession, plan_id: UUID) -> Recheck:
    """The last run of the plan; raises ``NotFound``."""
    query = select(Recheck).where(Recheck.plan_id == plan_id).order_by(Recheck.id.desc()).limit(1)
    found = await session.scalar(query)
    if found is None:
        raise NotFound
    return found


async def advance(session: AsyncSession, now: datetime, void: Void) -> bool:
    """One batch of the oldest run; False when none is under way, or another worker has it."""
    unfinished = select(Recheck).where(Recheck.finished_at.is_(None)).order_by(Recheck.id).limit(1)
    run = await session.scalar(unfinished.with_for_update(skip_locked=True))
    if run is None:
        return False
    orders = await _next(session, run)
    if orders:
        await _check(session, run, orders, now, void)
    if len(orders) < BATCH:
        run.finished_at = now
        log.info("sales.recheck.finished", recheck_id=run.id, checked=run.checked, voided=run.voided)
    return True


async def _next(session: AsyncSession, run: Recheck) -> Sequence[Order]:
    query = select(Order).where(*_waiting(run.plan_id, run.last_customer_id))
    return (await session.scalars(query.order_by(Order.customer_id).limit(BATCH))).all()


def _waiting(plan_id: UUID, after: UUID | None) -> list[SQLColumnExpression[bool]]:
    """The live orders of the plan, by their persons: the index of one order per person has them so."""
    conditions: list[SQLColumnExpression[bool]] = [
        Order.plan_id == plan_id,
        Order.live,
        Order.state.in_(sorted(BEFORE_DELIVERY)),
    ]
    return conditions if after is None else [*conditions, Order.customer_id > after]


async def _check(
    session: AsyncSession, run: Recheck, orders: Sequence[Order], now: datetime, void: Void
) -> None:
    terms = await _terms(session, run.plan_id, {order.applicant_class for order in orders}, now)
    known = await _applicants(session, run.plan_id, orders, terms)
    verdicts = {
        order.id: judge_again(known[order.customer_id], terms[order.applicant_class]) for order in orders
    }
    rule_set_id = next(iter(terms.values())).rule_set_id
    checks = [Checked(order_id, rule_set_id, found) for order_id, found in verdicts.items()]
    await evidence.keep(session, checks, "recheck", now)
    for rule, order_ids in _failed(verdicts).items():
        run.voided += await void(session, order_ids, rule, now)
    run.unknown += sum(any(not each.known for each in found) for found in verdicts.values())
    run.checked += len(orders)
    run.last_customer_id = orders[-1].customer_id


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
    session: AsyncSession, plan_id: UUID, orders: Sequence[Order], terms: Mapping[str, Terms]
) -> Mapping[UUID, Applicant]:
    ids = [order.customer_id for order in orders]
    known = await applicants.known(session, ids, terms.values())
    if not any(each.deposit for each in terms.values()):
        return known
    blocked = await deposits.blocked_of(session, plan_id, ids)
    if blocked is None:
        return known
    return {each: replace(applicant, blocked=blocked[each]) for each, applicant in known.items()}


def _failed(verdicts: Mapping[UUID, Sequence[Verdict]]) -> dict[str, list[UUID]]:
    """The orders by the first rule that speaks against them."""
    failed: dict[str, list[UUID]] = defaultdict(list)
    for order_id, found in verdicts.items():
        against = next((each.rule for each in found if each.known and not each.passed), None)
        if against is not None:
            failed[against].append(order_id)
    return failed
