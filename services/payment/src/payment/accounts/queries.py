"""Where a refund may go: to the Sheba that was found to be the buyer's, nowhere else. Who the buyer is."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.crypto import Keyring
from iran import Sheba
from payment.accounts.tables import IBAN, NATIONAL_CODE, Buyer, RefundAccount


async def with_account(session: AsyncSession, customer_ids: Collection[UUID]) -> set[UUID]:
    """Those of the customers whose Sheba is verified now."""
    query = select(RefundAccount.customer_id).where(
        RefundAccount.customer_id.in_(customer_ids), RefundAccount.iban.is_not(None)
    )
    return set(await session.scalars(query))


async def shebas(
    session: AsyncSession, keyring: Keyring, customer_ids: Collection[UUID]
) -> dict[UUID, Sheba]:
    """The verified Shebas, held until the transaction ends; who has none is missing."""
    query = select(RefundAccount).where(
        RefundAccount.customer_id.in_(customer_ids), RefundAccount.iban.is_not(None)
    )
    rows = await session.scalars(query.with_for_update(read=True))
    return {row.customer_id: Sheba(keyring.open(row.iban, IBAN).decode()) for row in rows if row.iban}


async def knows_national_code(session: AsyncSession, customer_id: UUID) -> bool:
    return await session.get(Buyer, customer_id) is not None


async def national_code(session: AsyncSession, keyring: Keyring, customer_id: UUID) -> str | None:
    buyer = await session.get(Buyer, customer_id)
    return keyring.open(buyer.national_code, NATIONAL_CODE).decode() if buyer else None
