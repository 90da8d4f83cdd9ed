"""Changing what is known of a person; whoever changes it holds the person's row."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.logging import get_logger
from chassis.messaging import outbox
from events.identity import CustomerChanged
from identity.context import Context
from identity.customers.domain import Profile
from identity.customers.indexing import reindex
from identity.customers.sealing import opened, sealed
from identity.customers.tables import Customer
from identity.vault import Vault

log = get_logger(__name__)


async def locked(session: AsyncSession, customer_id: UUID) -> Customer | None:
    """The customer, held until the transaction ends."""
    held = select(Customer).where(Customer.id == customer_id).with_for_update(key_share=True)
    return await session.scalar(held.execution_options(populate_existing=True))


async def change(
    session: AsyncSession, context: Context, customer: Customer, values: Mapping[str, Any]
) -> Profile:
    """Writes the fields of ``values`` (a part of a profile) and tells everybody; the new profile.

    The customer is held. Whoever changes the mobile has proof that it is the person's.
    """
    before = opened(customer, context.vault)
    profile = Profile.model_validate({**before.model_dump(), **values})
    for field, column in sealed(profile, context.vault).items():
        if field in values:
            setattr(customer, field, column)
    if "mobile" in values:
        reindex(customer, profile.national_code, profile.mobile, context.vault)
        customer.mobile_verified_at = context.clock()
    customer.version += 1
    await session.flush()
    await outbox.record(session, news_of(customer, profile, sorted(values), context.vault))
    log.info("identity.customer.changed", customer_id=str(customer.id), fields=sorted(values))
    return profile


def news_of(customer: Customer, profile: Profile, fields: list[str], vault: Vault) -> CustomerChanged:
    """How things are now, of which ``fields`` are new."""
    contact = profile.model_dump(mode="json", include={"mobile", "first_name", "last_name"})
    return CustomerChanged(
        version=customer.version,
        customer_id=customer.id,
        national_code_index=customer.national_code_index,
        index_generation=customer.index_generation,
        birth_date=profile.birth_date,
        gender=profile.gender,
        province=profile.address.province.value,
        mobile_verified=True,
        contact=vault.seal_for_event(contact, f"{CustomerChanged.name}.contact"),
        changed=fields,
        national_code=vault.seal_for_event(
            profile.model_dump(mode="json", include={"national_code"}),
            f"{CustomerChanged.name}.national_code",
        ),
    )
