"""Changing one's mobile."""

from datetime import datetime
from typing import Any
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.service import Db
from identity.challenges.domain import OneTimeCode
from identity.challenges.service import Guess, accepted
from identity.client import ClientNetwork
from identity.context import Ctx
from identity.credentials import own_password
from identity.credentials.check import check_secret
from identity.credentials.domain import PasswordWrong
from identity.credentials.own_password import Known
from identity.credentials.passwords import GivenPassword
from identity.limits.domain import RESEND_GAP
from identity.mobile_changes import service
from identity.mobile_changes.domain import MobileUnchanged
from identity.mobile_changes.service import CodeSent
from identity.sessions.current import REFUSED, LiveUser
from iran import Mobile

router = APIRouter(prefix="/me/mobile", tags=["account"])
_forbid = ConfigDict(extra="forbid", hide_input_in_errors=True)


class Wanted(BaseModel):
    """``password`` is the present one: a stolen session does not take the account with it."""

    model_config = _forbid

    mobile: Mobile
    password: GivenPassword


class Sent(BaseModel):
    """``expires_at`` is the code's end; ``resend_after`` counts seconds from now."""

    challenge_id: UUID
    expires_at: datetime
    resend_after: int


class Confirmation(BaseModel):
    model_config = _forbid

    challenge_id: UUID
    code: OneTimeCode


class Confirmed(BaseModel):
    """As an edit of the account answers."""

    version: int
    applied: list[str]
    pending: list[str]


PROBLEMS: dict[int | str, dict[str, Any]] = {
    **REFUSED,
    422: {"description": "invalid_fields: mobile_unchanged, ...; password_wrong"},
    429: {"description": "too_many_requests"},
    503: {"description": "sms_budget_spent"},
}
CONFIRMING: dict[int | str, dict[str, Any]] = {
    **REFUSED,
    404: {"description": "no such change of yours"},
    409: {"description": "code_used"},
    410: {"description": "code_expired"},
    422: {"description": "invalid_fields, code_wrong"},
    429: {"description": "too_many_attempts, too_many_requests"},
}


@router.post(
    "",
    status_code=202,
    summary="Ask for a code to a new mobile",
    tags=["credential"],
    responses=PROBLEMS,
)
async def ask(body: Wanted, user: LiveUser, db: Db, context: Ctx, client: ClientNetwork) -> Sent:
    """The mobile counts once its code is confirmed."""
    async with db.transaction() as session:
        person = await own_password.known(session, context, user.subject)
    if body.mobile == person.profile.mobile:
        raise MobileUnchanged

    async def find(session: AsyncSession) -> Known:
        return await own_password.known(session, context, user.subject)

    async def judge(known: Known) -> Known:
        await known.prove(context, body.password, "password")
        return known

    async def then(session: AsyncSession, known: Known) -> CodeSent:
        if not await own_password.unchanged(session, user.subject, known):
            raise PasswordWrong("password")
        return await service.ask(session, context, user.subject, known.national_code_index, body.mobile)

    address = context.vault.index_of_address(client)
    counts = context.secret_rules.of_account(person.national_code_index, address)
    sent = await check_secret(db, context.clock, counts, find=find, judge=judge, then=then)
    return Sent(
        challenge_id=sent.challenge_id,
        expires_at=sent.expires_at,
        resend_after=int(RESEND_GAP.total_seconds()),
    )


@router.post("/confirmation", summary="Confirm the new mobile", tags=["credential"], responses=CONFIRMING)
async def confirm(
    body: Confirmation, user: LiveUser, db: Db, context: Ctx, client: ClientNetwork
) -> Confirmed:
    """The old mobile is told."""

    async def find(session: AsyncSession) -> Guess:
        return await service.guess(session, context, user.subject, body.challenge_id)

    async def judge(guess: Guess) -> UUID:
        return accepted(guess.judge(context.vault, body.code)).id

    async def then(session: AsyncSession, challenge_id: UUID) -> int:
        return await service.confirm(session, context, user.subject, challenge_id, client)

    counts = context.secret_rules.of_address(context.vault.index_of_address(client))
    version = await check_secret(db, context.clock, counts, find=find, judge=judge, then=then)
    return Confirmed(version=version, applied=["mobile"], pending=[])
