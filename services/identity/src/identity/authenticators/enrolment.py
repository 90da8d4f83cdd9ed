"""What somebody who is logged in must show before their authenticator app changes."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.auth import Principal
from identity.authenticators import service
from identity.authenticators.domain import (
    RECENT_LOGIN,
    AppCodeWrong,
    EitherCode,
    NotEnrolled,
    PasswordRequired,
    PasswordWrong,
    new_secret,
)
from identity.authenticators.service import Candidate, Matched, NewCodes
from identity.context import Context
from identity.customers import queries as customers
from identity.customers.queries import Account
from identity.sessions import queries as sessions
from iran import Mobile

MOBILE = "customers.mobile"


@dataclass(frozen=True)
class Confirmed:
    """A right code, and the recovery codes to be given for it."""

    matched: Matched
    codes: NewCodes


@dataclass(frozen=True)
class Removing:
    account: Account | None
    candidate: Candidate


async def recently_logged_in(session: AsyncSession, context: Context, user: Principal) -> Account:
    """The caller's account; raises ``PasswordRequired`` when the login was a while ago."""
    begun_at = await sessions.begun_at(session, user.session)
    account = await customers.account(session, user.subject)
    if account is None or begun_at is None or begun_at <= context.clock() - RECENT_LOGIN:
        raise PasswordRequired
    return account


async def with_password(context: Context, account: Account | None, password: str) -> Account:
    right = await context.hashing.matches(account.password_hash if account else None, password)
    if account is None or not right:
        raise PasswordWrong
    return account


async def with_code(context: Context, candidate: Candidate, code: EitherCode) -> Matched:
    if candidate.secret is None:
        raise NotEnrolled
    matched = await candidate.match(context, code)
    if matched is None:
        raise AppCodeWrong
    return matched


async def with_new_codes(context: Context, candidate: Candidate, code: EitherCode) -> Confirmed:
    matched = await with_code(context, candidate, code)
    return Confirmed(matched, await NewCodes.make(context.hashing))


async def begin(session: AsyncSession, context: Context, customer_id: UUID) -> str:
    """The new secret."""
    secret = new_secret()
    await service.begin(session, context, customer_id, secret)
    return secret


def label_of(context: Context, account: Account) -> str:
    """How the app names the account: the mobile, masked."""
    return Mobile(context.vault.open(account.mobile, MOBILE)).masked
