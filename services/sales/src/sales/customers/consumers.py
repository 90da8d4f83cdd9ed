"""Keeps the customers up to date with identity."""

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from events.identity import (
    CustomerChanged,
    CustomerDisabled,
    CustomerEnabled,
    CustomerRegistered,
    InquiryConcluded,
    InquiryOpened,
)
from sales.customers.tables import Customer, CustomerInquiry, Disablement
from sales.eligibility.inquiries import PENDING


async def remember(session: AsyncSession, event: CustomerRegistered | CustomerChanged) -> None:
    """Writes what the event says unless something newer is known."""
    facts = {
        "national_code_index": event.national_code_index,
        "birth_date": event.birth_date,
        "province": event.province,
        "mobile_verified": event.mobile_verified,
        "version": event.version,
    }
    await session.execute(
        insert(Customer)
        .values(id=event.customer_id, **facts)
        .on_conflict_do_update(
            index_elements=[Customer.id], set_=facts, where=Customer.version < event.version
        )
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
