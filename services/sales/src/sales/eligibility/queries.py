"""What the rules look at of one applicant, from sales' own data."""

from dataclasses import replace
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from sales.eligibility import applicants
from sales.eligibility.domain import Applicant, Terms
from sales.orders import queries


async def applicant(session: AsyncSession, plan_id: UUID, customer_id: UUID, terms: Terms) -> Applicant:
    found = (await applicants.known(session, [customer_id], [terms]))[customer_id]
    return replace(found, has_order=await queries.has_live_order(session, plan_id, customer_id))
