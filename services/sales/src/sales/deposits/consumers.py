"""Keeps up with payment's lists, a thousand people in a statement."""

from sqlalchemy import ARRAY, BigInteger, Boolean, Integer, Text, Uuid, bindparam, text
from sqlalchemy.ext.asyncio import AsyncSession

from events.payment import DepositsBlocked

_WRITE = text(
    """
    INSERT INTO blocked_deposits AS known (plan_id, customer_id, bank, amount, live, version)
    SELECT :plan_id, customer_id, :bank, amount, live, version
    FROM unnest(:customers, :amounts, :lives, :versions) AS told (customer_id, amount, live, version)
    ORDER BY customer_id
    ON CONFLICT (plan_id, customer_id, bank) DO UPDATE
    SET amount = excluded.amount, live = excluded.live, version = excluded.version
    WHERE known.version < excluded.version
    """
).bindparams(
    bindparam("plan_id", type_=Uuid),
    bindparam("bank", type_=Text),
    bindparam("customers", type_=ARRAY(Uuid)),
    bindparam("amounts", type_=ARRAY(BigInteger)),
    bindparam("lives", type_=ARRAY(Boolean)),
    bindparam("versions", type_=ARRAY(Integer)),
)


async def note_blocked(session: AsyncSession, event: DepositsBlocked) -> None:
    """Each deposit by its own version: what is newer counts, in whatever order events come."""
    newest = {one.customer_id: one for one in sorted(event.deposits, key=lambda one: one.version)}
    told = list(newest.values())
    await session.execute(
        _WRITE,
        {
            "plan_id": event.plan_id,
            "bank": event.bank,
            "customers": [one.customer_id for one in told],
            "amounts": [one.amount for one in told],
            "lives": [one.live for one in told],
            "versions": [one.version for one in told],
        },
    )
