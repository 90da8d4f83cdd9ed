"""Making an account."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from chassis.logging import get_logger
from chassis.messaging import outbox
from events.identity import CustomerRegistered
from identity.context import Context
from identity.credentials.tables import Credential
from identity.customers.domain import Profile
from identity.customers.indexing import Indexes, indexes_of, is_free
from identity.customers.sealing import sealed
from identity.customers.tables import Customer
from identity.vault import Vault

FIRST_VERSION = 1
log = get_logger(__name__)


async def create(
    session: AsyncSession,
    context: Context,
    profile: Profile,
    password_hash: str,
    roles: Iterable[str] = (),
) -> UUID | None:
    """The new customer's id, or None when the national code has an account already.

    Whoever calls has proof that the mobile is the person's.
    """
    customer_id = uuid7()
    indexes = indexes_of(profile.national_code, profile.mobile, context.vault)
    if not await _insert(session, context, customer_id, profile, indexes, roles):
        return None
    session.add(Credential(customer_id=customer_id, password_hash=password_hash, changed_at=context.clock()))
    await session.flush()
    await outbox.record(session, _registered(customer_id, profile, indexes, context.vault))
    log.info("identity.customer.registered", customer_id=str(customer_id))
    return customer_id


async def _insert(
    session: AsyncSession,
    context: Context,
    customer_id: UUID,
    profile: Profile,
    indexes: Indexes,
    roles: Iterable[str],
) -> bool:
    now = context.clock()
    if not await is_free(session, context.vault.indexes_of(profile.national_code)):
        return False
    row = {
        "id": customer_id,
        "version": FIRST_VERSION,
        "mobile_verified_at": now,
        "registered_at": now,
        "roles": sorted(roles),
        **indexes,
        **sealed(profile, context.vault),
    }
    inserted = insert(Customer).values(row).on_conflict_do_nothing(index_elements=["national_code_index"])
    return (await session.execute(inserted.returning(Customer.id))).first() is not None


def _registered(customer_id: UUID, profile: Profile, indexes: Indexes, vault: Vault) -> CustomerRegistered:
    contact = profile.model_dump(mode="json", include={"mobile", "first_name", "last_name"})
    return CustomerRegistered(
        version=FIRST_VERSION,
        customer_id=customer_id,
        national_code_index=indexes["national_code_index"],
        index_generation=indexes["index_generation"],
        former_indexes=vault.former_indexes_of(profile.national_code),
        birth_date=profile.birth_date,
        gender=profile.gender,
        province=profile.address.province.value,
        mobile_verified=True,
        contact=vault.seal_for_event(contact, f"{CustomerRegistered.name}.contact"),
        national_code=vault.seal_for_event(
            profile.model_dump(mode="json", include={"national_code"}),
            f"{CustomerRegistered.name}.national_code",
        ),
    )
