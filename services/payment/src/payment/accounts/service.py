"""Where the money of a person goes back to."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.crypto import Keyring
from chassis.errors import Problem
from iran import Sheba
from payment.accounts.tables import IBAN, RefundAccount


class ShebaUnverified(Problem):
    status = 409
    code = "sheba_unverified"
    fa = "هنوز معلوم نشده است که شماره‌ی شبای حساب از آنِ این شخص است؛ تا آن هنگام پولی به آن برنمی‌گردد."
    en = "The Sheba of the account is not known to be this person's yet; no money goes back to it until then."


async def verified_sheba(session: AsyncSession, keyring: Keyring, customer_id: UUID) -> Sheba:
    """The Sheba that a refund may use now, held until the transaction ends; raises ``ShebaUnverified``.

    ``keyring`` is payment's for its columns.
    """
    known = select(RefundAccount.iban).where(RefundAccount.customer_id == customer_id)
    iban = await session.scalar(known.with_for_update(read=True))
    if iban is None:
        raise ShebaUnverified
    return Sheba(keyring.open(iban, IBAN).decode())
