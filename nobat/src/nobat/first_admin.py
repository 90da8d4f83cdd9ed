"""What the operator of a system does about its people, straight in identity's database."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID

from pydantic import ValidationError
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import audit
from chassis.errors import Problem
from chassis.service import Service
from identity.context import Context
from identity.customers.tables import Customer
from identity.inquiries import telling_again
from identity.staff import queries
from identity.staff.domain import ADMIN
from identity.staff_invitations import service as invitations
from identity.staff_invitations.domain import Invitee
from identity.staff_invitations.tables import StaffInvitation
from nobat.keyrings import CannotReach, KeyPlaces
from nobat.parts import PARTS
from nobat.refusal import Refusal
from nobat.signing_rotation import SECRETS

WHO_MAKE_ANOTHER = 2
"""Admins: one invites, another confirms."""


class NotInvited(Refusal):
    """There are two admins, or what is said of the person is not right."""


def invitee_of(national_code: str, mobile: str, first_name: str, last_name: str) -> Invitee:
    """Raises ``NotInvited`` and names the wrong fields, not their values."""
    given = {
        "national_code": national_code,
        "mobile": mobile,
        "first_name": first_name,
        "last_name": last_name,
    }
    try:
        return Invitee.model_validate(given)
    except ValidationError as invalid:
        wrong = ", ".join(str(error["loc"][0]).replace("_", " ") for error in invalid.errors())
        raise NotInvited(f"not right: {wrong}") from None


class Office:
    """Identity's use cases, with the keys and the database of the system at ``places``."""

    def __init__(self, places: KeyPlaces) -> None:
        told = {setting: places.secret(name) for setting, name in SECRETS.items()}
        unused = {"DATABASE_URL": places.database_url("identity"), "AMQP_URL": ""}
        part = PARTS["identity"]
        self._identity: Service = part.build(part.settings_of({**unused, **told}))
        self._context = next(part for part in self._identity.provides if isinstance(part, Context))

    async def invite(self, invitee: Invitee) -> StaffInvitation:
        """Invites one of the first two admins; raises ``NotInvited`` when there are two, who can do it."""
        async with self._transaction() as session:
            if await queries.admins(session) >= WHO_MAKE_ANOTHER:
                raise NotInvited("there are two admins already, who can invite others")
            try:
                return await invitations.invite(session, self._context, None, invitee, {ADMIN}, None)
            except Problem as refusal:
                raise NotInvited(refusal.detail.en) from None

    async def members(self) -> list[Customer]:
        async with self._transaction() as session:
            listed = audit.Entry(action="identity.staff.listed", details={"by": "operator"})
            await audit.record(session, listed, at=self._context.clock())
            found = page = list(await queries.members(session, None))
            while len(page) == queries.PAGE:
                page = list(await queries.members(session, page[-1].id))
                found += page
            return found

    async def tell_again(self) -> int:
        """Tells the other services of everybody, as things are now; how many people that is."""
        told: int = 0
        last: UUID | None = None
        while True:
            async with self._transaction() as session:
                customers = await telling_again.tell_again(session, self._context, last)
            if not customers:
                return told
            told, last = told + len(customers), customers[-1]

    @asynccontextmanager
    async def _transaction(self) -> AsyncIterator[AsyncSession]:
        try:
            async with self._identity.database.transaction() as session:
                yield session
        except (OSError, SQLAlchemyError) as error:
            raise CannotReach(f"the database of identity does not answer: {error}") from None
        finally:
            await self._identity.database.close()
