"""Telling again what is known of people, for a service that did not listen when it happened.

The events have the versions that they had, so that whoever knows them already passes them over.
"""

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import Row, select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.logging import get_logger
from chassis.messaging import outbox
from identity.context import Context
from identity.customers.changing import news_of
from identity.customers.sealing import opened
from identity.customers.tables import Customer
from identity.inquiries.dispatch import concluded_of, question_of
from identity.inquiries.domain import Kind, Result
from identity.inquiries.tables import Inquiry, InquiryAnswer

BATCH = 200
log = get_logger(__name__)


async def tell_again(session: AsyncSession, context: Context, after: UUID | None) -> Sequence[UUID]:
    """The next people in the order of their ids, each with the Sheba that was found to be theirs.

    Gives their ids; none when everybody was told.
    """
    query = select(Customer).order_by(Customer.id).limit(BATCH)
    query = query.where(Customer.id > after) if after is not None else query
    customers = (await session.scalars(query)).all()
    confirmed = await _shebas(session, customers)
    for customer in customers:
        vault = context.vault
        await outbox.record(session, news_of(customer, opened(customer, vault), [], vault))
        if found := confirmed.get(customer.id):
            inquiry, answer = found
            question = question_of(inquiry, customer, vault)
            await outbox.record(session, concluded_of(inquiry, answer, question, vault))
    log.info("identity.customers.told_again", customers=len(customers))
    return [customer.id for customer in customers]


async def _shebas(
    session: AsyncSession, customers: Sequence[Customer]
) -> Mapping[UUID, Row[Inquiry, InquiryAnswer]]:
    query = (
        select(Inquiry, InquiryAnswer)
        .join(InquiryAnswer, InquiryAnswer.id == Inquiry.answer_id)
        .where(
            Inquiry.customer_id.in_([customer.id for customer in customers]),
            Inquiry.kind == Kind.IBAN_OWNER,
            Inquiry.result == Result.MATCH,
        )
    )
    return {row[0].customer_id: row for row in await session.execute(query)}
