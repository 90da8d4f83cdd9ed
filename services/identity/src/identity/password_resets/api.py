"""The steps of recovering a password."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter
from pydantic import AfterValidator, BaseModel, ConfigDict
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.idempotency import IdempotencyKey, once
from chassis.service import Db
from identity.authenticators.domain import GivenCode
from identity.challenges.domain import OneTimeCode
from identity.client import ClientNetwork
from identity.context import Ctx
from identity.credentials.check import check_secret
from identity.credentials.passwords import NewPassword, refuse_guessable
from identity.limits.domain import RESEND_GAP
from identity.marking import Mark, mark_of
from identity.password_resets import service
from identity.password_resets.service import Attempt, CodeSent, Proved
from iran import Mobile, NationalCode

router = APIRouter(prefix="/password-resets", tags=["recovery"])
_forbid = ConfigDict(extra="forbid", hide_input_in_errors=True)


class Request(BaseModel):
    model_config = _forbid

    national_code: NationalCode
    mobile: Mobile


class Sent(BaseModel):
    """``expires_at`` is the code's end; ``resend_after`` counts seconds from now."""

    reset_id: UUID
    expires_at: datetime
    resend_after: int


class NewSecret(BaseModel):
    """``authenticator_code`` is the authenticator app's, from whoever has one, or a recovery code."""

    model_config = _forbid

    code: OneTimeCode
    new_password: Annotated[NewPassword, AfterValidator(lambda text: refuse_guessable(text, None, None))]
    authenticator_code: GivenCode | None = None


PROBLEMS: dict[int | str, dict[str, Any]] = {
    404: {"description": "no such request, or it is older than a quarter of an hour"},
    409: {"description": "code_used"},
    410: {"description": "code_expired, reset_ended"},
    422: {"description": "invalid_fields, code_wrong, authenticator_code_needed"},
    429: {"description": "too_many_attempts, too_many_requests"},
    503: {"description": "sms_budget_spent"},
}
SENDING: dict[int | str, dict[str, Any]] = {status: PROBLEMS[status] for status in (429, 503)}


@router.post("", status_code=202, summary="Ask for a code to set a new password", responses=SENDING)
async def open_reset(
    body: Request, db: Db, context: Ctx, client: ClientNetwork, key: IdempotencyKey = None
) -> Sent:
    """Answers the same whether or not the person is known."""
    address = context.vault.index_of_address(client)
    async with db.transaction() as session:

        async def action() -> Sent:
            return _sent(await service.open_reset(session, context, body.national_code, body.mobile, address))

        scope = f"password_resets:{context.vault.scope_of(body.national_code)}"
        return await once(session, key, scope, mark_of(context.vault, body), Sent, action)


@router.post(
    "/{reset_id}/code",
    status_code=202,
    summary="Send the code again",
    responses={**SENDING, 404: PROBLEMS[404], 410: PROBLEMS[410]},
)
async def resend(
    reset_id: UUID, db: Db, context: Ctx, client: ClientNetwork, key: IdempotencyKey = None
) -> Sent:
    address = context.vault.index_of_address(client)
    async with db.transaction() as session:

        async def action() -> Sent:
            return _sent(await service.send_code_again(session, context, reset_id, address))

        return await once(session, key, f"password_resets.code:{reset_id}", Mark(digest=""), Sent, action)


@router.post(
    "/{reset_id}", status_code=204, summary="Set a new password", tags=["credential"], responses=PROBLEMS
)
async def complete(reset_id: UUID, body: NewSecret, db: Db, context: Ctx, client: ClientNetwork) -> None:
    """All sessions end; the person logs in with the new password."""

    address = context.vault.index_of_address(client)

    async def find(session: AsyncSession) -> Attempt:
        return await service.attempt(session, context, reset_id, body.authenticator_code)

    async def judge(attempt: Attempt) -> Proved:
        return await attempt.prove(context, body.code, body.authenticator_code, body.new_password)

    async def then(session: AsyncSession, proved: Proved) -> None:
        await service.complete(session, context, reset_id, proved, body.new_password, client, address)

    counts = context.secret_rules.of_address(address)
    await check_secret(db, context.clock, counts, find=find, judge=judge, then=then)


def _sent(sent: CodeSent) -> Sent:
    return Sent(
        reset_id=sent.reset_id,
        expires_at=sent.expires_at,
        resend_after=int(RESEND_GAP.total_seconds()),
    )
