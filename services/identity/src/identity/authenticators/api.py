"""Enrolling an authenticator app, renewing its recovery codes, taking it away."""

from typing import Annotated, Any

from fastapi import APIRouter, Response
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.auth import Principal
from chassis.database import Database
from chassis.service import Db
from identity.authenticators import enrolment, service
from identity.authenticators.domain import GivenCode, otpauth_uri
from identity.authenticators.enrolment import Confirmed, Removing
from identity.authenticators.queries import Status, status_of
from identity.authenticators.service import Candidate, Matched
from identity.challenges.domain import OneTimeCode
from identity.client import ClientNetwork
from identity.context import Context, Ctx
from identity.credentials.check import check_secret
from identity.credentials.passwords import LONGEST, GivenPassword, composed
from identity.customers import queries as customers
from identity.customers.queries import Account
from identity.sessions.current import REFUSED, LiveEnrollingUser, LiveUser

router = APIRouter(prefix="/me/authenticator", tags=["authenticator"])
_forbid = ConfigDict(extra="forbid", hide_input_in_errors=True)

WRONG: dict[int | str, dict[str, Any]] = {
    **REFUSED,
    409: {"description": "not_enrolled, code_used"},
    422: {"description": "invalid_fields, code_wrong"},
    429: {"description": "too_many_requests"},
}


class Begin(BaseModel):
    """``password`` is needed when the login is not recent."""

    model_config = _forbid

    password: Annotated[str | None, BeforeValidator(composed)] = Field(
        default=None, min_length=1, max_length=LONGEST, repr=False
    )


class Pending(BaseModel):
    """What an app is given; it counts once a code of it is confirmed."""

    secret: str
    otpauth_uri: str


class AppCode(BaseModel):
    model_config = _forbid

    code: OneTimeCode


class AnyCode(BaseModel):
    model_config = _forbid

    code: GivenCode


class Removal(BaseModel):
    model_config = _forbid

    password: GivenPassword
    code: GivenCode


class RecoveryCodes(BaseModel):
    """Each of them stands in once for a code of the app; they are shown this once."""

    recovery_codes: list[str] = Field(min_length=1)


@router.get("", summary="Whether an authenticator app is enrolled", responses=REFUSED)
async def read(user: LiveEnrollingUser, db: Db) -> Status:
    async with db.transaction() as session:
        return await status_of(session, user.subject)


@router.post(
    "",
    status_code=201,
    summary="Begin to enrol an authenticator app",
    tags=["credential"],
    responses={
        **REFUSED,
        403: {"description": "password_required"},
        409: {"description": "already_enrolled"},
        422: {"description": "invalid_fields, password_wrong"},
        429: WRONG[429],
    },
)
async def begin(
    user: LiveEnrollingUser,
    response: Response,
    db: Db,
    context: Ctx,
    client: ClientNetwork,
    body: Begin | None = None,
) -> Pending:
    """Replaces one that was begun and not confirmed."""
    if body is None or body.password is None:
        async with db.transaction() as session:
            account = await enrolment.recently_logged_in(session, context, user)
            secret = await enrolment.begin(session, context, user.subject)
    else:
        account, secret = await _begin_with_password(db, context, user, client, body.password)
    _keep_out_of_caches(response)
    return Pending(secret=secret, otpauth_uri=otpauth_uri(secret, enrolment.label_of(context, account)))


async def _begin_with_password(
    db: Database, context: Context, user: Principal, client: str, password: str
) -> tuple[Account, str]:
    async def find(session: AsyncSession) -> Account | None:
        return await customers.account(session, user.subject)

    async def judge(account: Account | None) -> Account:
        return await enrolment.with_password(context, account, password)

    async def then(session: AsyncSession, account: Account) -> tuple[Account, str]:
        return account, await enrolment.begin(session, context, user.subject)

    counts = context.secret_rules.of_person(user.subject, context.vault.index_of_address(client))
    return await check_secret(db, context.clock, counts, find=find, judge=judge, then=then)


@router.post(
    "/confirmation",
    status_code=201,
    summary="Confirm the app with its first code",
    tags=["credential"],
    responses=WRONG,
)
async def confirm(
    body: AppCode, user: LiveEnrollingUser, response: Response, db: Db, context: Ctx, client: ClientNetwork
) -> RecoveryCodes:
    """A member of the staff gets the roles with the session's next refresh."""

    async def find(session: AsyncSession) -> Candidate:
        return await service.candidate(session, context, user.subject, body.code, confirmed=False)

    async def judge(candidate: Candidate) -> Confirmed:
        return await enrolment.with_new_codes(context, candidate, body.code)

    async def then(session: AsyncSession, confirmed: Confirmed) -> RecoveryCodes:
        await service.confirm(session, confirmed.matched, user.session, confirmed.codes, context.clock())
        return _shown(confirmed)

    counts = context.secret_rules.of_person(user.subject, context.vault.index_of_address(client))
    _keep_out_of_caches(response)
    return await check_secret(db, context.clock, counts, find=find, judge=judge, then=then)


@router.post(
    "/recovery-codes",
    status_code=201,
    summary="Replace the recovery codes",
    tags=["credential"],
    responses=WRONG,
)
async def renew_recovery_codes(
    body: AnyCode, user: LiveUser, response: Response, db: Db, context: Ctx, client: ClientNetwork
) -> RecoveryCodes:
    async def find(session: AsyncSession) -> Candidate:
        return await service.candidate(session, context, user.subject, body.code)

    async def judge(candidate: Candidate) -> Confirmed:
        return await enrolment.with_new_codes(context, candidate, body.code)

    async def then(session: AsyncSession, confirmed: Confirmed) -> RecoveryCodes:
        await service.use(session, confirmed.matched, context.clock())
        await service.renew_codes(session, user.subject, confirmed.codes, context.clock())
        return _shown(confirmed)

    counts = context.secret_rules.of_person(user.subject, context.vault.index_of_address(client))
    _keep_out_of_caches(response)
    return await check_secret(db, context.clock, counts, find=find, judge=judge, then=then)


@router.delete(
    "",
    status_code=204,
    summary="Take the authenticator app away",
    tags=["credential"],
    responses={**WRONG, 422: {"description": "invalid_fields, password_wrong, code_wrong"}},
)
async def remove(body: Removal, user: LiveUser, db: Db, context: Ctx, client: ClientNetwork) -> None:
    """Needs the password and a code. Staff have no roles afterwards until they enrol one again."""

    async def find(session: AsyncSession) -> Removing:
        candidate = await service.candidate(session, context, user.subject, body.code)
        return Removing(await customers.account(session, user.subject), candidate)

    async def judge(removing: Removing) -> Matched:
        await enrolment.with_password(context, removing.account, body.password)
        return await enrolment.with_code(context, removing.candidate, body.code)

    async def then(session: AsyncSession, matched: Matched) -> None:
        await service.use(session, matched, context.clock())
        await service.remove(session, user.subject, context.clock())

    counts = context.secret_rules.of_person(user.subject, context.vault.index_of_address(client))
    await check_secret(db, context.clock, counts, find=find, judge=judge, then=then)


def _shown(confirmed: Confirmed) -> RecoveryCodes:
    return RecoveryCodes(recovery_codes=[code.shown for code in confirmed.codes.codes])


def _keep_out_of_caches(response: Response) -> None:
    response.headers["Cache-Control"] = "no-store"
