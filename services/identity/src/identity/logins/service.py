"""Who may enter, with what; unknown people are told what known ones are told, at the same cost.

The steps of a login are on the server: a challenge names the person and what is asked of them next, and is
used up by the transaction that takes the step. A session begins only while its customer's row is held
(``customers.queries.admitted``), so that whoever disables the account or changes its password either sees
the session, and ends it, or is seen.
"""

from dataclasses import dataclass, replace
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.logging import get_logger
from chassis.messaging import outbox
from events.identity import DeviceAdded
from identity.authenticators import asking
from identity.authenticators import service as authenticators
from identity.challenges import service as challenges
from identity.challenges.domain import CodeExpired
from identity.client import Place
from identity.context import Context
from identity.credentials.tables import Credential
from identity.customers import queries as customers
from identity.customers.queries import Account, Admitted
from identity.devices import queries as device_queries
from identity.devices import service as devices
from identity.devices.domain import DeviceToken, called
from identity.logins.answers import Answered
from identity.logins.domain import Due, WrongCredentials, second_factor
from identity.sessions import service as sessions
from identity.sessions.domain import Proof, Standing
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
    """Raises ``WrongCredentials`` for a wrong password and, after the same work, for nobody.

    A disabled account is nobody's.
    """
    open_account = account if account and not account.disabled else None
    right = await context.hashing.matches(open_account and open_account.password_hash, password)
    if open_account is None or not right:
        raise WrongCredentials
    outdated = context.hashing.outdated(open_account.password_hash)
    return Proved(open_account, await context.hashing.hash(password) if outdated else None)


async def enter(
    session: AsyncSession, context: Context, proved: Proved, place: Place, device_id: UUID | None
) -> Grant | Due:
    """A session on a device that is known, otherwise the second factor that is due."""
    account, now = proved.account, context.clock()
    admitted = await _admit(session, account.customer_id)
    if admitted.password_changed_at != account.password_changed_at:
        raise WrongCredentials
    if proved.new_hash:
        await _store(session, account, proved.new_hash)
    known = device_id or await device_queries.just_proved_at(
        session, context.vault, account.customer_id, place, now
    )
    factor = second_factor(
        staff=bool(admitted.roles),
        enrolled=admitted.enrolled,
        remembered=known is not None,
    )
    if known is not None and factor is None:
        await devices.use(session, known, now)
        return await _start(session, context, account.customer_id, admitted, "device", place, known)
    if factor == "totp":
        return await asking.ask(session, account.customer_id, now)
    return await _send_second_factor(session, context, account)


async def _admit(session: AsyncSession, customer_id: UUID) -> Admitted:
    admitted = await customers.admitted(session, customer_id)
    if admitted is None:
        raise WrongCredentials
    return admitted


async def _send_second_factor(session: AsyncSession, context: Context, account: Account) -> Due:
    mobile = Mobile(context.vault.open(account.mobile, MOBILE))
    issued = await challenges.issue(
        session, context, "second_factor", mobile, customer_id=account.customer_id, genuine=True
    )
    await challenges.deliver(session, issued.event, really=True, expires_at=issued.expires_at)
    return Due(issued.challenge_id, "sms", issued.expires_at)


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
    session: AsyncSession, context: Context, national_code: NationalCode, mobile: Mobile, address: str
) -> Due:
    """A challenge; its code is sent if this is a buyer's mobile. ``address`` is the client's blind index.

    Staff need their password as well, so this way in is closed to them.
    """
    person = context.vault.index_of(national_code)
    account = await customers.account_of(session, context.vault.indexes_of(national_code))
    known = (
        account is not None
        and not account.roles
        and not account.disabled
        and account.mobile_index in context.vault.indexes_of(mobile)
    )
    issued = await challenges.issue(
        session,
        context,
        "login",
        mobile,
        customer_id=account.customer_id if account and known else None,
        genuine=known,
        person=person,
        address=address,
    )
    await challenges.deliver(session, issued.event, really=known, expires_at=issued.expires_at)
    return Due(issued.challenge_id, "sms", issued.expires_at)


async def take_step(
    session: AsyncSession, context: Context, answered: Answered, place: Place, token: DeviceToken | None
) -> Grant | Due:
    """What follows a right code: a session, or the authenticator app's code after that of a login."""
    now, customer_id = context.clock(), answered.customer_id
    admitted = await _admit(session, customer_id)
    await challenges.redeem(session, answered.challenge.id, now)
    if answered.matched is not None:
        await authenticators.use(session, answered.matched, now)
    if answered.challenge.purpose == "login":
        if admitted.roles:
            raise CodeExpired
        if admitted.enrolled:
            return await asking.ask(session, customer_id, now)
    proof: Proof = "totp" if answered.matched else "sms"
    shown = token.device_id if token else None
    device_id = await device_queries.remembered(session, customer_id, shown, now)
    if device_id is not None:
        await devices.use(session, device_id, now)
        return await _start(session, context, customer_id, admitted, proof, place, device_id)
    return await _start_on_new_device(session, context, customer_id, admitted, proof, place)


async def _start_on_new_device(
    session: AsyncSession, context: Context, customer_id: UUID, admitted: Admitted, proof: Proof, place: Place
) -> Grant:
    """The owner is told, in case it was somebody else."""
    now = context.clock()
    device = await devices.remember(session, context.vault, customer_id, place, now)
    grant = await _start(session, context, customer_id, admitted, proof, place, device.device_id)
    added = DeviceAdded(
        version=admitted.version,
        customer_id=customer_id,
        session_id=grant.refresh.session_id,
        device=called(place.agent),
        at=now,
    )
    await outbox.record(session, added)
    return replace(grant, device=device)


async def _start(
    session: AsyncSession,
    context: Context,
    customer_id: UUID,
    admitted: Admitted,
    proof: Proof,
    place: Place,
    device_id: UUID,
) -> Grant:
    standing = Standing(admitted.roles, admitted.authenticator_due_at, proof, admitted.dealership_id)
    return await sessions.start(session, customer_id, standing, place, device_id, context.clock())
