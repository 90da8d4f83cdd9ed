"""Giving every row the blind indexes of the present key, while everything goes on.

A row under an older key is opened, gets its indexes anew and, if it is a customer, is told to everybody who
keeps the index. Rows that somebody holds are left for the next time. A form that became an account is looked
for by nobody: its index goes.
"""

import asyncio
import time
from collections.abc import Callable, Mapping
from typing import cast
from uuid import UUID

from sqlalchemy import select

from chassis.crypto import CannotOpen
from chassis.database import Database, retry_conflicts
from chassis.logging import get_logger
from chassis.messaging import outbox
from events.identity import NATIONAL_CODE, CustomerReindexed
from identity.context import Context
from identity.customers.indexing import reindex
from identity.customers.tables import Customer
from identity.registrations.tables import DRAFT, Registration
from identity.staff_invitations.queries import PERSON
from identity.staff_invitations.tables import StaffInvitation
from identity.vault import Vault
from iran import Mobile, NationalCode

BATCH = 100
RUN_SECONDS = 2.0
NOTHING = ""
Indexed = Customer | Registration | StaffInvitation

log = get_logger(__name__)


def _customer(customer: Customer, vault: Vault) -> CustomerReindexed:
    national_code = NationalCode(vault.open(customer.national_code, "customers.national_code"))
    reindex(customer, national_code, Mobile(vault.open(customer.mobile, "customers.mobile")), vault)
    return CustomerReindexed(
        version=customer.version,
        customer_id=customer.id,
        national_code_index=customer.national_code_index,
        index_generation=customer.index_generation,
        former_indexes=vault.former_indexes_of(national_code),
    )


def _registration(registration: Registration, vault: Vault) -> None:
    _one(registration, vault.open(registration.draft, DRAFT) if registration.draft else None, vault)


def _invitation(invitation: StaffInvitation, vault: Vault) -> None:
    _one(invitation, vault.open(invitation.person, PERSON), vault)


def _one(row: Registration | StaffInvitation, person: Mapping[str, str] | None, vault: Vault) -> None:
    key = vault.index_key
    row.national_code_index = key.of(person["national_code"], NATIONAL_CODE) if person else NOTHING
    row.index_generation = key.generation


ANEW: Mapping[type[Indexed], Callable[..., CustomerReindexed | None]] = {
    Customer: _customer,
    Registration: _registration,
    StaffInvitation: _invitation,
}


class Reindexing:
    """The job of identity; rows that do not open are left alone and said in the log, once a process."""

    def __init__(self, database: Database, context: Context, *, batch: int = BATCH) -> None:
        self._database = database
        self._context = context
        self._batch = batch
        self._unreadable: set[UUID] = set()

    async def run(self) -> bool:
        """Works for a moment; whether there is more to do."""
        if len(self._context.vault.followed["index"].names) == 1:
            return False
        deadline = time.monotonic() + RUN_SECONDS
        for table in ANEW:
            while await self._step(table):
                if time.monotonic() > deadline:
                    return True
                await asyncio.sleep(0)
        return False

    @retry_conflicts
    async def _step(self, table: type[Indexed]) -> bool:
        """One batch; False when nothing is left that can be taken now."""
        vault = self._context.vault
        stale = select(table).where(table.index_generation < vault.index_key.generation)
        readable = stale.where(table.id.not_in(self._unreadable)).limit(self._batch)
        async with self._database.transaction() as session:
            rows = (await session.scalars(readable.with_for_update(skip_locked=True))).all()
            found = cast("list[Indexed]", rows)
            told = [event for row in found if (event := self._index_anew(row))]
            await session.flush()
            await outbox.record(session, *told)
        if found:
            log.info("keys.reindexed", table=table.__tablename__, rows=len(found))
        return bool(found)

    def _index_anew(self, row: Indexed) -> CustomerReindexed | None:
        try:
            return ANEW[type(row)](row, self._context.vault)
        except CannotOpen:
            self._unreadable.add(row.id)
            log.error("keys.row_unreadable", table=row.__tablename__, id=str(row.id))
            return None
