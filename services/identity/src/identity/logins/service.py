"""Who may enter, with what; unknown people are told what known ones are told, at the same cost."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.logging import get_logger
from identity.challenges import service as challenges
from identity.challenges.tables import Challenge
from identity.context import Context
from identity.credentials.tables import Credential
from identity.customers import queries as customers
from identity.customers.queries import Account
from identity.customers.tables import Customer
from identity.logins.domain import WrongCredentials
from identity.sessions import service as sessions
from identity.sessions.service import Grant
from iran import Mobile, NationalCode

MOBILE = "customers.mobile"
log = get_logger(__name__)


@dataclass(frozen=True)
class Proved:
    """An account whose password was right; ``new_hash`` when it is to be stored anew."""

    account: Account
    new_hash: str | None


async def prove(context: Context, account: Account | None, password: str) -> Proved:
    """Raises ``WrongCredentials`` for a wrong password and, after the same work, for nobody."""
    right = await context.hashing.matches(account.password_hash if account else None, password)
    if account is None or not right:
        raise WrongCredentials
    outdated = context.hashing.outdated(account.password_hash)
    return Proved(account, await context.hashing.hash(password) if outdated else None)


async def enter(session: AsyncSession, context: Context, proved: Proved, device: str | None) -> Grant | UUID:
    """A session for a buyer; for staff the id of the challenge that is the second factor."""
    account = proved.account
    if proved.new_hash:
        await _store(session, account, proved.new_hash)
    if not account.roles:
        return await sessions.start(session, account.customer_id, account.roles, device, context.clock())
    mobile = Mobile(context.vault.open(account.mobile, MOBILE))
    issued = await challenges.issue(
        session, context, "second_factor", mobile, customer_id=account.customer_id, genuine=True
    )
    await challenges.deliver(session, issued.event, really=True, expires_at=issued.expires_at)
    return issued.challenge_id


async def _store(session: AsyncSession, account: Account, new_hash: str) -> None:
    await session.execute(
        update(Credential)
        .where(
            Credential.customer_id == account.customer_id,
            Credential.password_hash == account.password_hash,
        )
        .values(password_hash=new_hash)
    )
    log.info("identity.credential.rehashed", customer_id=str(account.customer_id))


async def send_code(
    session: AsyncSession, context: Context, national_code: NationalCode, mobile: Mobile
) -> UUID:
    """The id of a challenge; its code is sent if this is a buyer's mobile.

    Staff need their password as well, so this way in is closed to them.
    """
    account = await customers.account_of(session, context.vault.index_of(national_code))
    known = (
        account is not None and not account.roles and account.mobile_index == context.vault.index_of(mobile)
    )
    issued = await challenges.issue(
        session,
        context,
        "login",
        mobile,
        customer_id=account.customer_id if account and known else None,
        genuine=known,
    )
    await challenges.deliver(session, issued.event, really=known, expires_at=issued.expires_at)
    return issued.challenge_id


async def enter_with_code(
    session: AsyncSession, context: Context, challenge: Challenge, device: str | None
) -> Grant:
    """A session for the person whose code of a login or second factor was right."""
    await challenges.redeem(session, challenge.id, context.clock())
    customer = await session.get_one(Customer, challenge.customer_id)
    return await sessions.start(session, customer.id, customer.roles, device, context.clock())
