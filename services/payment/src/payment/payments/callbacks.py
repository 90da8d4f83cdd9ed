"""A browser comes back from the bank: a hint to ask the provider, whatever it says."""

import hashlib
from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.errors import NotFound
from chassis.json import dumps
from payment.checkout import Checkout
from payment.payments import asking
from payment.payments.tables import Payment, ReceivedCallback
from payment.providers.port import Callback


async def receive(checkout: Checkout, provider_name: str, parameters: Mapping[str, str]) -> UUID:
    """The payment that came back, asked about; ``NotFound`` when the hint names none of ours."""
    callback = checkout.providers.named(provider_name).read_callback(parameters)
    if callback is None:
        raise NotFound
    async with checkout.database.transaction() as session:
        payment_id = await session.scalar(
            select(Payment.id).where(
                Payment.provider == provider_name, Payment.authority == callback.authority
            )
        )
        if payment_id is None:
            raise NotFound
        claimed = await asking.claim(session, checkout, payment_id)
        await _note(session, checkout, payment_id, callback)
    if claimed is not None:
        await asking.ask_and_write(checkout, claimed)
    return payment_id


async def _note(session: AsyncSession, checkout: Checkout, payment_id: UUID, callback: Callback) -> None:
    """Keeps the fields once; a storm of the same callback is one row."""
    now = checkout.clock()
    fields = dict(sorted(callback.fields.items()))
    digest = hashlib.sha256(dumps(fields)).digest()
    note = insert(ReceivedCallback).values(
        payment_id=payment_id, digest=digest, fields=fields, times=1, first_at=now, last_at=now
    )
    await session.execute(
        note.on_conflict_do_update(
            index_elements=[ReceivedCallback.payment_id, ReceivedCallback.digest],
            set_={"times": ReceivedCallback.times + 1, "last_at": now},
        )
    )
