"""Looking people up. The look and its entry in the audit trail are one transaction."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import audit
from chassis.errors import NotFound
from chassis.quotas import Quota
from identity.context import Context
from identity.customers.sealing import opened
from identity.customers.tables import Customer
from identity.limits import service as limits
from identity.lookups.domain import (
    DISCLOSED,
    DISCLOSURES_OF_A_COLLEAGUE,
    LOOKUPS_OF_A_COLLEAGUE,
    SEARCHED,
    VIEWED,
    Field,
    Purpose,
    TooManyLookups,
)
from identity.staff.members import Actor
from iran import Mobile, NationalCode

FOUND_AT_MOST = 20
"""People who share a mobile."""


async def search(
    session: AsyncSession, context: Context, actor: Actor, by: NationalCode | Mobile, purpose: Purpose
) -> Sequence[Customer]:
    """Who has that national code or mobile; a search that finds nobody is in the trail as well."""
    await _spend(session, context, actor, LOOKUPS_OF_A_COLLEAGUE)
    is_mobile = isinstance(by, Mobile)
    column = Customer.mobile_index if is_mobile else Customer.national_code_index
    which = column.in_(context.vault.indexes_of(by))
    found = (await session.scalars(select(Customer).where(which).limit(FOUND_AT_MOST))).all()
    subjects: list[UUID | None] = [customer.id for customer in found] or [None]
    details = {"by": "mobile" if is_mobile else "national_code", "purpose": purpose}
    entries = [actor.entry(SEARCHED, subject, **details) for subject in subjects]
    await audit.record(session, *entries, at=context.clock())
    return found


async def view(
    session: AsyncSession, context: Context, actor: Actor, customer_id: UUID, purpose: Purpose
) -> Customer:
    """Raises ``NotFound``."""
    await _spend(session, context, actor, LOOKUPS_OF_A_COLLEAGUE)
    customer = await _customer(session, customer_id)
    await audit.record(session, actor.entry(VIEWED, customer_id, purpose=purpose), at=context.clock())
    return customer


async def disclose(
    session: AsyncSession,
    context: Context,
    actor: Actor,
    customer_id: UUID,
    fields: Collection[Field],
    purpose: Purpose,
    reason: str,
) -> dict[str, Any]:
    """The whole values of ``fields``; raises ``NotFound``."""
    await _spend(session, context, actor, DISCLOSURES_OF_A_COLLEAGUE)
    customer = await _customer(session, customer_id)
    details = {"purpose": purpose, "reason": reason, "fields": sorted(fields)}
    await audit.record(session, actor.entry(DISCLOSED, customer_id, **details), at=context.clock())
    return opened(customer, context.vault).model_dump(mode="json", include={str(field) for field in fields})


async def _customer(session: AsyncSession, customer_id: UUID) -> Customer:
    found = await session.get(Customer, customer_id)
    if found is None:
        raise NotFound
    return found


async def _spend(session: AsyncSession, context: Context, actor: Actor, quotas: Sequence[Quota]) -> None:
    key, now = str(actor.id), context.clock()
    for quota in quotas:
        if not await limits.spend(session, quota, key, now):
            raise TooManyLookups(await limits.renewal(session, quota, key, now))
