"""Puts the demonstration into a running or stopped system; doing it again changes nothing."""

import asyncio
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.service import Service
from identity.staff.seed import appoint_staff
from iran import Province
from nobat.seed.articles import ARTICLES
from nobat.seed.dealerships import records
from nobat.seed.plans import RULES_OF_THE_DRAW, drafts
from nobat.seed.staff import STAFF, Member
from sales.articles import service as articles
from sales.articles.tables import Article
from sales.dealerships.service import register
from sales.dealerships.tables import Dealership
from sales.plans import service as plans
from sales.plans.commands import PlanDraft
from sales.plans.domain import CircularTaken
from sales.rules import service as rules
from sales.rules.tables import RuleSet

DEALER_IN = Province.TEHRAN
"""The dealer works at a dealership of this province."""


async def plant(identity: Service, sales: Service, *, password: str, now: datetime) -> None:
    """``password`` is that of every member of the staff; the services' resources are open."""
    async with sales.database.transaction() as session:
        await register(session, list(records()))
        code = next(record.code for record in records() if record.province == DEALER_IN)
        place = await session.scalar(select(Dealership.id).where(Dealership.code == code))
    ids = await asyncio.gather(*(_appoint(identity, member, password, place) for member in STAFF))
    manager = dict(zip((member.role for member in STAFF), ids, strict=True))["manager"]
    async with sales.database.transaction() as session:
        await _articles(session, now)
        rule_set_id = await _rules(session, manager, now)
    for draft in drafts(now, rule_set_id):
        await _publish(sales, draft, manager, now)


async def _appoint(identity: Service, member: Member, password: str, place: UUID | None) -> UUID:
    """``place`` is the dealer's."""
    return await appoint_staff(
        identity,
        national_code=member.national_code,
        mobile=member.mobile,
        password=password,
        first_name=member.first_name,
        last_name=member.last_name,
        roles=[member.role],
        dealership_id=place if member.role == "dealer" else None,
    )


async def _articles(session: AsyncSession, now: datetime) -> None:
    """Where the office has written none of its own."""
    if await session.scalar(select(Article.id).limit(1)) is None:
        for form in ARTICLES:
            written = await articles.draft(session, form, now)
            await articles.publish(session, written.id, now, published=True)


async def _rules(session: AsyncSession, author: UUID, now: datetime) -> UUID:
    """Written once: the first version of this name."""
    first = select(RuleSet.id).where(RuleSet.name == RULES_OF_THE_DRAW.name).order_by(RuleSet.version)
    known = await session.scalar(first.limit(1))
    return known or (await rules.write(session, RULES_OF_THE_DRAW, author, now)).id


async def _publish(sales: Service, draft: PlanDraft, author: UUID, now: datetime) -> None:
    """Written and published in one transaction, so a circular that exists is public already."""
    try:
        async with sales.database.transaction() as session:
            plan = await plans.draft(session, draft, author)
            await session.flush()
            await plans.publish(session, plan.id, now)
    except CircularTaken:
        return
