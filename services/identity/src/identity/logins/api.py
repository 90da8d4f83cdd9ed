"""Logging in: with a password, with a code, with both."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.service import Db
from identity.challenges import service as challenges
from identity.challenges.domain import OneTimeCode
from identity.challenges.service import Guess, Verdict, accepted
from identity.client import ClientNetwork, Device
from identity.context import Ctx
from identity.credentials.check import check_secret
from identity.credentials.passwords import GivenPassword
from identity.customers import queries as customers
from identity.customers.queries import Account
from identity.logins import service
from identity.logins.service import Proved
from identity.sessions.service import Grant
from identity.sessions.tokens_answer import Tokens, tokens_of
from iran import Mobile, NationalCode

router = APIRouter(tags=["sessions"])
_forbid = ConfigDict(extra="forbid", hide_input_in_errors=True)


class PasswordLogin(BaseModel):
    model_config = _forbid

    national_code: NationalCode
    password: GivenPassword


class CodeLogin(BaseModel):
    model_config = _forbid

    national_code: NationalCode
    mobile: Mobile


class LoginCode(BaseModel):
    model_config = _forbid

    code: OneTimeCode


class SecondFactor(BaseModel):
    challenge_id: UUID


REFUSED: dict[int | str, dict[str, Any]] = {
    401: {"description": "wrong_credentials"},
    429: {"description": "too_many_requests"},
}


@router.post(
    "/sessions",
    status_code=201,
    response_model=Tokens,
    summary="Log in with a password",
    tags=["credential"],
    responses={**REFUSED, 202: {"model": SecondFactor, "description": "a code is due as well"}},
)
async def log_in(
    body: PasswordLogin, response: Response, db: Db, context: Ctx, client: ClientNetwork, device: Device
) -> Tokens | JSONResponse:
    """Carries no ``Idempotency-Key``: tokens are not kept to be answered twice."""
    index = context.vault.index_of(body.national_code)

    async def find(session: AsyncSession) -> Account | None:
        return await customers.account_of(session, index)

    async def judge(account: Account | None) -> Proved:
        return await service.prove(context, account, body.password)

    async def then(session: AsyncSession, proved: Proved) -> Grant | UUID:
        return await service.enter(session, context, proved, device)

    counts = context.secret_rules.of_account(index, context.vault.index_of_address(client))
    entered = await check_secret(db, context.clock, counts, find=find, judge=judge, then=then)
    if isinstance(entered, Grant):
        return await tokens_of(response, context, entered)
    due = SecondFactor(challenge_id=entered)
    return JSONResponse(due.model_dump(mode="json"), status_code=202)


@router.post(
    "/sessions/code", status_code=202, summary="Ask for a code to log in with", responses={429: REFUSED[429]}
)
async def send_code(body: CodeLogin, db: Db, context: Ctx) -> SecondFactor:
    """Answers the same whether or not the person is known."""
    async with db.transaction() as session:
        challenge_id = await service.send_code(session, context, body.national_code, body.mobile)
    return SecondFactor(challenge_id=challenge_id)


@router.post(
    "/challenges/{challenge_id}",
    status_code=201,
    summary="Log in with the code",
    tags=["credential"],
    responses={
        404: {"description": "no such challenge"},
        409: {"description": "code_used"},
        410: {"description": "code_expired"},
        422: {"description": "code_wrong"},
        429: {"description": "too_many_attempts, too_many_requests"},
    },
)
async def answer_challenge(
    challenge_id: UUID,
    body: LoginCode,
    response: Response,
    db: Db,
    context: Ctx,
    client: ClientNetwork,
    device: Device,
) -> Tokens:
    async def find(session: AsyncSession) -> Guess:
        return await challenges.guess(session, challenge_id, ("login", "second_factor"), context.clock())

    async def judge(guess: Guess) -> Verdict:
        return guess.judge(context.vault, body.code)

    async def then(session: AsyncSession, verdict: Verdict) -> Grant:
        return await service.enter_with_code(session, context, accepted(verdict), device)

    counts = context.secret_rules.of_address(context.vault.index_of_address(client))
    grant = await check_secret(db, context.clock, counts, find=find, judge=judge, then=then)
    return await tokens_of(response, context, grant)
