"""Keeps the customers up to date with identity."""

from sqlalchemy import update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from events.identity import (
    CustomerChanged,
    CustomerDisabled,
    CustomerEnabled,
    CustomerRegistered,
    CustomerReindexed,
    InquiryConcluded,
    InquiryOpened,
)
from sales.customers.tables import Customer, CustomerInquiry, Disablement
from sales.eligibility.inquiries import PENDING
from sales.eligibility.moving import move_facts


class NotHeardOfYet(Exception):
    """An event about a customer overtook the one that makes the customer known."""


async def note_registered(session: AsyncSession, event: CustomerRegistered) -> None:
    await remember(session, event)
    await move_facts(session, event.former_indexes, event.national_code_index, event.index_generation)


async def remember(session: AsyncSession, event: CustomerRegistered | CustomerChanged) -> None:
    """Writes what the event says unless something newer is known."""
    facts = {
        "birth_date": event.birth_date,
        "province": event.province,
        "mobile_verified": event.mobile_verified,
        "version": event.version,
    }
    await session.execute(
        insert(Customer)
        .values(
            id=event.customer_id,
            national_code_index=event.national_code_index,
            index_generation=event.index_generation,
            **facts,
        )
        .on_conflict_do_update(
            index_elements=[Customer.id], set_=facts, where=Customer.version < event.version
        )
    )
    await note_index(session, event)


async def note_reindexed(session: AsyncSession, event: CustomerReindexed) -> None:
    """Raises ``NotHeardOfYet``, so that it comes again, before the customer is known."""
    if await session.get(Customer, event.customer_id) is None:
        raise NotHeardOfYet
    await note_index(session, event)
    await move_facts(session, event.former_indexes, event.national_code_index, event.index_generation)


async def note_index(
    session: AsyncSession, event: CustomerRegistered | CustomerChanged | CustomerReindexed
) -> None:
    """The index of the newest key counts, whatever the version of the customer is."""
    await session.execute(
        update(Customer)
        .where(Customer.id == event.customer_id, Customer.index_generation < event.index_generation)
        .values(national_code_index=event.national_code_index, index_generation=event.index_generation)
    )


async def note_disabled(session: AsyncSession, event: CustomerDisabled) -> None:
    await _note_disablement(session, event, disabled=True)


async def note_enabled(session: AsyncSession, event: CustomerEnabled) -> None:
    await _note_disablement(session, event, disabled=False)


async def _note_disablement(
    session: AsyncSession, event: CustomerDisabled | CustomerEnabled, *, disabled: bool
) -> None:
    facts = {"disabled": disabled, "version": event.version}
    await session.execute(
        insert(Disablement)
        .values(customer_id=event.customer_id, **facts)
        .on_conflict_do_update(
            index_elements=[Disablement.customer_id], set_=facts, where=Disablement.version < event.version
        )
    )


async def forget_inquiry(session: AsyncSession, event: InquiryOpened) -> None:
    await _note(session, event, PENDING)


async def note_inquiry(session: AsyncSession, event: InquiryConcluded) -> None:
    await _note(session, event, event.result)


async def _note(session: AsyncSession, event: InquiryOpened | InquiryConcluded, result: str) -> None:
    facts = {"result": result, "version": event.version}
    await session.execute(
        insert(CustomerInquiry)
        .values(customer_id=event.customer_id, kind=event.kind, **facts)
        .on_conflict_do_update(
            index_elements=[CustomerInquiry.customer_id, CustomerInquiry.kind],
            set_=facts,
            where=CustomerInquiry.version < event.version,
        )
    )
