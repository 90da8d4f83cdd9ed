"""A browser comes back from the bank: a hint to ask the provider, whatever it says."""

import hashlib
from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.errors import NotFound
from chassis.json import dumps
from chassis.logging import get_logger
from payment.checkout import Checkout
from payment.payments import asking
from payment.payments.claims import noted
from payment.payments.tables import Payment, ReceivedCallback
from payment.providers.port import Callback

log = get_logger(__name__)

MOST_KINDS = 20
"""Of one payment; a browser that goes on making up others is not written down any more."""


async def receive(checkout: Checkout, provider_name: str, parameters: Mapping[str, str]) -> UUID:
    """The payment that came back, asked about; ``NotFound`` when the hint names none of ours."""
    callback = checkout.providers.named(provider_name).read_callback(parameters)
    if callback is None:
        raise NotFound
    async with checkout.database.transaction() as session:
        payment = await session.scalar(
            select(Payment)
            .where(Payment.provider == provider_name, Payment.authority == callback.authority)
            .with_for_update()
        )
        if payment is None or not _is_of(payment, callback):
            raise NotFound
        payment_id = payment.id
        await _note(session, checkout, payment_id, callback)
        claimed = await asking.claim(session, checkout, payment_id)
    if claimed is not None:
        await asking.ask_and_write(checkout, claimed)
    return payment_id


def _is_of(payment: Payment, callback: Callback) -> bool:
    """A bank that repeats our order's number names the session's own."""
    if callback.number is None or callback.number == str(payment.number):
        return True
    log.warning("payment.callback.of_another_order", payment_id=str(payment.id))
    return False


async def _note(session: AsyncSession, checkout: Checkout, payment_id: UUID, callback: Callback) -> None:
    """Keeps the fields once; a storm of the same callback is one row."""
    now = checkout.clock()
    fields = dict(sorted(noted(callback).items()))
    digest = hashlib.sha256(dumps(fields)).digest()
    kept = (
        await session.scalars(
            select(ReceivedCallback.digest).where(ReceivedCallback.payment_id == payment_id)
        )
    ).all()
    if len(kept) >= MOST_KINDS and digest not in kept:
        return
    note = insert(ReceivedCallback).values(
        payment_id=payment_id, digest=digest, fields=fields, times=1, first_at=now, last_at=now
    )
    await session.execute(
        note.on_conflict_do_update(
            index_elements=[ReceivedCallback.payment_id, ReceivedCallback.digest],
            set_={"times": ReceivedCallback.times + 1, "last_at": now},
        )
    )
