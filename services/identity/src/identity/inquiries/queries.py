"""What is known of a person by inquiry."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from identity.inquiries.tables import Inquiry, InquiryAnswer


async def latest(session: AsyncSession, customer_id: UUID) -> Sequence[Inquiry]:
    """One row for each kind that was ever asked, in the order of their names."""
    mine = select(Inquiry).where(Inquiry.customer_id == customer_id).order_by(Inquiry.kind)
    return (await session.scalars(mine)).all()


async def remembered(
    session: AsyncSession, inputs_indexes: Collection[str], now: datetime
) -> Mapping[str, InquiryAnswer]:
    """The newest answer to each of these questions that still counts, by the question's index."""
    fresh = (
        select(InquiryAnswer)
        .where(InquiryAnswer.inputs_index.in_(inputs_indexes), InquiryAnswer.fresh_until > now)
        .order_by(InquiryAnswer.asked_at)
    )
    return {answer.inputs_index: answer for answer in await session.scalars(fresh)}
