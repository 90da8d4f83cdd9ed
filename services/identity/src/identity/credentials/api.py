"""Changing one's password."""

from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.service import Db
from identity.client import ClientNetwork
from identity.context import Ctx
from identity.credentials import own_password, service
from identity.credentials.check import check_secret
from identity.credentials.domain import PasswordWrong
from identity.credentials.own_password import Known
from identity.credentials.passwords import GivenPassword, NewPassword
from identity.customers import changing
from identity.sessions.current import REFUSED, LiveUser

router = APIRouter(prefix="/me/password", tags=["account"])

PROBLEMS: dict[int | str, dict[str, Any]] = {
    **REFUSED,
    422: {"description": "password_wrong, invalid_fields: password_common, password_personal, ..."},
    429: {"description": "too_many_requests"},
}


class PasswordChange(BaseModel):
    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    current_password: GivenPassword
    new_password: NewPassword


@router.post("", status_code=204, summary="Change my password", tags=["credential"], responses=PROBLEMS)
async def change_password(
    body: PasswordChange, user: LiveUser, db: Db, context: Ctx, client: ClientNetwork
) -> None:
    """All other sessions end and no device is remembered any more; the owner is told by SMS."""
    async with db.transaction() as session:
        person = await own_password.known(session, context, user.subject)
    address = context.vault.index_of_address(client)
    counts = context.secret_rules.of_account(person.national_code_index, address)

    async def find(session: AsyncSession) -> Known:
        return await own_password.known(session, context, user.subject)

    async def judge(known: Known) -> tuple[Known, str]:
        await known.prove(context, body.current_password, "current_password")
        service.refuse_personal(body.new_password, known.profile, "new_password")
        return known, await context.hashing.hash(body.new_password)

    async def then(session: AsyncSession, proved: tuple[Known, str]) -> None:
        known, new_hash = proved
        customer = await changing.locked(session, user.subject)
        if customer is None or not await own_password.unchanged(session, user.subject, known):
            raise PasswordWrong("current_password")
        await service.replace(
            session, context, customer, new_hash, by="password", kept=user.session, client=client
        )

    await check_secret(db, context.clock, counts, find=find, judge=judge, then=then)
