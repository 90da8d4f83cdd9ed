"""What the rules look at, from sales' own data."""

from dataclasses import replace
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from sales.eligibility.domain import Applicant
from sales.orders import intake, queries


async def applicant(session: AsyncSession, plan_id: UUID, customer_id: UUID) -> Applicant:
    known = (await intake.applicants(session, [customer_id], inquiries=True))[customer_id]
    return replace(known, has_order=await queries.has_live_order(session, plan_id, customer_id))
