"""Looking people up."""

from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from identity.credentials.tables import Credential
from identity.customers.tables import Customer


class Account(NamedTuple):
    """What logging in needs to know; ``mobile`` is sealed."""

    customer_id: UUID
    version: int
    mobile: bytes
    mobile_index: str
    roles: list[str]
    password_hash: str


async def account_of(session: AsyncSession, national_code_index: str) -> Account | None:
    statement = (
        select(
            Customer.id,
            Customer.version,
            Customer.mobile,
            Customer.mobile_index,
            Customer.roles,
            Credential.password_hash,
        )
        .join(Credential, Credential.customer_id == Customer.id)
        .where(Customer.national_code_index == national_code_index)
    )
    row = (await session.execute(statement)).first()
    return Account(*row) if row else None


async def customer(session: AsyncSession, customer_id: UUID) -> Customer | None:
    return await session.get(Customer, customer_id)
