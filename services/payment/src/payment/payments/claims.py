"""What browsers bring back that a provider can be asked about, and never without asking.

Some providers know a paid session only by the reference that their callback brings. It is written down for
the payment before they are asked, so that it pays for one payment whoever shows it; what they do not know
is let go of, so that nobody can keep another's reference by guessing it.
"""

from collections.abc import Mapping, Sequence
from itertools import islice

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.logging import get_logger
from payment.checkout import Checkout
from payment.payments.tables import BankReference, Payment, ReceivedCallback
from payment.providers.capabilities import CAPABILITIES
from payment.providers.port import Callback, Claim

log = get_logger(__name__)

REFERENCE, AMOUNT, GAVE_UP = "reference", "amount", "gave_up"
MOST = 5
"""The newest claims that are asked about; each is a call of the provider."""


def noted(callback: Callback) -> Mapping[str, str]:
    """The fields of a callback as they are kept, with what it claims under names of ours."""
    claim = callback.claim
    ours = {
        REFERENCE: claim.reference if claim else None,
        AMOUNT: str(claim.amount) if claim and claim.amount is not None else None,
        GAVE_UP: "yes" if callback.gave_up else None,
    }
    return {**callback.fields, **{name: value for name, value in ours.items() if value is not None}}


async def write_down(session: AsyncSession, checkout: Checkout, payment: Payment) -> tuple[Claim, ...]:
    """The claims that are this payment's to ask about; the caller has locked the payment."""
    if not checkout.providers.named(payment.provider).capabilities.needs_callback:
        return ()
    claims: dict[str, Claim] = {}
    for hint in await _hints(session, payment):
        if REFERENCE in hint:
            claims.setdefault(hint[REFERENCE], _claim(hint))
    newest = dict(islice(claims.items(), MOST))
    for reference in sorted(newest):
        row = {"provider": payment.provider, "reference": reference, "payment_id": payment.id}
        await session.execute(insert(BankReference).values(row).on_conflict_do_nothing())
    owners = await session.execute(
        select(BankReference.reference, BankReference.payment_id).where(
            BankReference.provider == payment.provider, BankReference.reference.in_(newest)
        )
    )
    for reference, owner in owners.all():
        if owner != payment.id:
            del newest[reference]
            log.warning("payment.reference.conflict", payment_id=str(payment.id), other_payment_id=str(owner))
    return tuple(newest.values())


def _claim(hint: Mapping[str, str]) -> Claim:
    return Claim(hint[REFERENCE], int(hint[AMOUNT]) if AMOUNT in hint else None)


async def let_go(session: AsyncSession, payment: Payment) -> None:
    """Frees the references that were written down and are not the payment's; a deposit has none."""
    capabilities = CAPABILITIES.get(payment.provider)
    if capabilities is None or not capabilities.needs_callback:
        return
    await session.execute(
        delete(BankReference).where(
            BankReference.payment_id == payment.id,
            BankReference.reference.is_distinct_from(payment.reference),
        )
    )


async def is_over(session: AsyncSession, checkout: Checkout, payment: Payment) -> bool:
    """Whether no money can come any more, for a provider that tells only that there is none.

    By the clock; or since the buyer came back without a reference and the bank said that they had given up.
    Should that be forged, money paid afterwards is verified by nobody and goes back.
    """
    doubt = checkout.providers.named(payment.provider).capabilities.doubt
    if payment.session_ends_at is not None and payment.session_ends_at + doubt <= checkout.clock():
        return True
    hints = await _hints(session, payment)
    return any(GAVE_UP in hint for hint in hints) and not any(REFERENCE in hint for hint in hints)


async def _hints(session: AsyncSession, payment: Payment) -> Sequence[Mapping[str, str]]:
    """What the payment's callbacks said, the newest first."""
    statement = (
        select(ReceivedCallback.fields)
        .where(ReceivedCallback.payment_id == payment.id)
        .order_by(ReceivedCallback.last_at.desc())
    )
    return (await session.scalars(statement)).all()
