"""Looking people up."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.ext.asyncio import AsyncSession

from identity.authenticators.tables import Authenticator
from identity.credentials.tables import Credential
from identity.customers.tables import Customer


class Account(NamedTuple):
    """What logging in needs to know; ``mobile`` is sealed."""

    customer_id: UUID
    version: int
    mobile: bytes
    mobile_index: str
    roles: list[str]
    disabled: bool
    password_hash: str
    password_changed_at: datetime


async def account_of(session: AsyncSession, indexes: Sequence[str]) -> Account | None:
    """That of the person with one of these blind indexes (``Vault.indexes_of``)."""
    return await _account(session, Customer.national_code_index.in_(indexes))


async def account(session: AsyncSession, customer_id: UUID) -> Account | None:
    return await _account(session, Customer.id == customer_id)


async def _account(session: AsyncSession, which: ColumnElement[bool]) -> Account | None:
    statement = (
        select(
            Customer.id,
            Customer.version,
            Customer.mobile,
            Customer.mobile_index,
            Customer.roles,
            Customer.disabled_at.is_not(None),
            Credential.password_hash,
            Credential.changed_at,
        )
        .join(Credential, Credential.customer_id == Customer.id)
        .where(which)
    )
    row = (await session.execute(statement)).first()
    return Account(*row) if row else None


class Admitted(NamedTuple):
    """Somebody who may enter, as long as the transaction lasts."""

    version: int
    roles: Sequence[str]
    authenticator_due_at: datetime | None
    dealership_id: UUID | None
    password_changed_at: datetime
    enrolled: bool


async def admitted(session: AsyncSession, customer_id: UUID) -> Admitted | None:
    """None for a disabled account. Holds the customer's row until the transaction ends.

    Whoever disables the account or ends its sessions waits for that row, and this waits for them; so
    the password's age, and whether an authenticator app counts, is read by a statement of its own, after
    the wait.
    """
    held = select(
        Customer.version, Customer.roles, Customer.authenticator_due_at, Customer.dealership_id
    ).where(Customer.id == customer_id, Customer.disabled_at.is_(None))
    row = (await session.execute(held.with_for_update(read=True))).first()
    if row is None:
        return None
    app = exists().where(Authenticator.customer_id == customer_id, Authenticator.confirmed_at.is_not(None))
    secrets = select(Credential.changed_at, app).where(Credential.customer_id == customer_id)
    return Admitted(*row, *(await session.execute(secrets)).one())


async def customer(session: AsyncSession, customer_id: UUID) -> Customer | None:
    return await session.get(Customer, customer_id)
