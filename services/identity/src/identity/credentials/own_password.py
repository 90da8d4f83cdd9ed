"""Whether somebody who is logged in knows their password: asked before what a stolen session must not do."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.errors import NotFound
from identity.context import Context
from identity.credentials.domain import PasswordWrong
from identity.credentials.tables import Credential
from identity.customers.domain import Profile
from identity.customers.sealing import opened
from identity.customers.tables import Customer


@dataclass(frozen=True)
class Known:
    """What is known of a person, with the hash of their password."""

    national_code_index: str
    profile: Profile
    password_hash: str

    async def prove(self, context: Context, password: str, field: str) -> None:
        """Raises ``PasswordWrong``."""
        if not await context.hashing.matches(self.password_hash, password):
            raise PasswordWrong(field)


async def known(session: AsyncSession, context: Context, customer_id: UUID) -> Known:
    found = (
        select(Customer, Credential)
        .join(Credential, Credential.customer_id == Customer.id)
        .where(Customer.id == customer_id, Customer.disabled_at.is_(None))
    )
    row = (await session.execute(found)).first()
    if row is None:
        raise NotFound
    customer, credential = row
    profile = opened(customer, context.vault)
    return Known(customer.national_code_index, profile, credential.password_hash)


async def unchanged(session: AsyncSession, customer_id: UUID, known_person: Known) -> bool:
    """Whether the password is still the one that was proven; the customer's row is held."""
    present = select(Credential.password_hash).where(Credential.customer_id == customer_id)
    return await session.scalar(present) == known_person.password_hash
