"""Logging in: with a password, with a code, with both."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.errors import Problem
from chassis.service import Db
from identity.authenticators.domain import GivenCode
from identity.client import ClientNetwork, Here
from identity.context import Context, Ctx
from identity.credentials.check import check_secret
from identity.credentials.passwords import GivenPassword
from identity.customers import queries as customers
from identity.customers.queries import Account
from identity.devices import queries as devices
from identity.devices.domain import DeviceToken
from identity.limits.domain import Count
from identity.logins import service
from identity.logins.answers import Answered, Attempt, attempt
from identity.logins.domain import Due, Method
from identity.logins.service import Proved
from identity.sessions.service import Grant
from identity.sessions.tokens_answer import Tokens, tokens_of
from iran import Mobile, NationalCode

router = APIRouter(tags=["sessions"])
_forbid = ConfigDict(extra="forbid", hide_input_in_errors=True)
_device_token = Field(default=None, max_length=200, repr=False)


class PasswordLogin(BaseModel):
    model_config = _forbid

    national_code: NationalCode
    password: GivenPassword
    device_token: str | None = _device_token


class CodeLogin(BaseModel):
    model_config = _forbid

    national_code: NationalCode
    mobile: Mobile


class LoginCode(BaseModel):
    """``code`` is the one that was sent, or the authenticator app's, or a recovery code instead."""

    model_config = _forbid

    code: GivenCode
    device_token: str | None = _device_token


class SecondFactor(BaseModel):
    """``method`` says where the code comes from: a message, or the person's authenticator app."""

    challenge_id: UUID
    method: Method
    expires_at: datetime


REFUSED: dict[int | str, dict[str, Any]] = {
    401: {"description": "wrong_credentials"},
    429: {"description": "too_many_requests"},
}
DUE: dict[int | str, dict[str, Any]] = {202: {"model": SecondFactor, "description": "a code is due as well"}}


@router.post(
    "/sessions",
    status_code=201,
    response_model=Tokens,
    response_model_exclude_none=True,
    summary="Log in with a password",
    tags=["credential"],
    responses={**REFUSED, **DUE},
)
async def log_in(
    body: PasswordLogin, response: Response, db: Db, context: Ctx, client: ClientNetwork, place: Here
) -> Tokens | JSONResponse:
    """On a device that is not remembered a code is due as well.

    Carries no ``Idempotency-Key``: tokens are not kept to be answered twice.
    """
    indexes = context.vault.indexes_of(body.national_code)
    token = DeviceToken.parse(body.device_token, context.vault) if body.device_token else None
    known: UUID | None = None

    async def counts(session: AsyncSession) -> Sequence[Count]:
        nonlocal known
        rules = context.secret_rules
        if token is not None:
            known = await devices.known(session, indexes, token, context.clock())
        if known is not None:
            return rules.of_device(known)
        return rules.of_account(indexes[0], context.vault.index_of_address(client))

    async def find(session: AsyncSession) -> Account | None:
        return await customers.account_of(session, indexes)

    async def judge(account: Account | None) -> Proved:
        return await service.prove(context, account, body.password)

    async def then(session: AsyncSession, proved: Proved) -> Grant | Due:
        return await service.enter(session, context, proved, place, known)

    entered = await check_secret(db, context.clock, counts, find=find, judge=judge, then=then)
    return await _answer(response, context, entered)


@router.post(
    "/sessions/code", status_code=202, summary="Ask for a code to log in with", responses={429: REFUSED[429]}
)
async def send_code(body: CodeLogin, db: Db, context: Ctx, client: ClientNetwork) -> SecondFactor:
    """Answers the same whether or not the person is known."""
    address = context.vault.index_of_address(client)
    async with db.transaction() as session:
        due = await service.send_code(session, context, body.national_code, body.mobile, address)
    return _second_factor(due)


@router.post(
    "/challenges/{challenge_id}",
    status_code=201,
    response_model=Tokens,
    response_model_exclude_none=True,
    summary="Log in with the code",
    tags=["credential"],
    responses={
        **DUE,
        401: REFUSED[401],
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
    place: Here,
) -> Tokens | JSONResponse:
    """After the code of a login the authenticator app's may be due as well."""
    token = DeviceToken.parse(body.device_token, context.vault) if body.device_token else None

    async def find(session: AsyncSession) -> Attempt:
        return await attempt(session, context, challenge_id, body.code)

    async def judge(tried: Attempt) -> Answered | Problem:
        return await tried.judge(context, body.code)

    async def then(session: AsyncSession, verdict: Answered | Problem) -> Grant | Due:
        if isinstance(verdict, Problem):
            raise verdict
        return await service.take_step(session, context, verdict, place, token)

    counts = context.secret_rules.of_address(context.vault.index_of_address(client))
    entered = await check_secret(db, context.clock, counts, find=find, judge=judge, then=then)
    return await _answer(response, context, entered)


async def _answer(response: Response, context: Context, entered: Grant | Due) -> Tokens | JSONResponse:
    if isinstance(entered, Grant):
        return await tokens_of(response, context, entered)
    due = _second_factor(entered).model_dump(mode="json")
    return JSONResponse(due, status_code=202, headers={"Cache-Control": "no-store"})


def _second_factor(due: Due) -> SecondFactor:
    return SecondFactor(challenge_id=due.challenge_id, method=due.method, expires_at=due.expires_at)
