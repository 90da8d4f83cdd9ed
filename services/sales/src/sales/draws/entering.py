"""Taking part in a draw: the entries of orders that have just been inserted."""

import secrets
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.errors import Unavailable
from sales.draws.domain import Stage
from sales.draws.formats import SALT_BYTES, entry_code
from sales.draws.tables import Draw, DrawEntry
from sales.orders.intake import NewOrder


async def register(session: AsyncSession, orders: Sequence[NewOrder]) -> None:
    """An entry for each order, in the transaction that inserts them.

    The draws are held until it ends: none is frozen meanwhile. One that was frozen in the very moment makes
    the batch try again, and then its plan is seen to be closed.
    """
    plan_ids = sorted({order.choice.plan_id for order in orders})
    fresh = [
        {"plan_id": plan_id, "stage": Stage.REGISTERING, "attempt": 0, "version": 0} for plan_id in plan_ids
    ]
    await session.execute(insert(Draw).values(fresh).on_conflict_do_nothing())
    held = (
        select(Draw.stage).where(Draw.plan_id.in_(plan_ids)).order_by(Draw.plan_id).with_for_update(read=True)
    )
    if {*await session.scalars(held)} != {Stage.REGISTERING}:
        raise Unavailable
    await session.execute(insert(DrawEntry), [_entry(order) for order in orders])


def _entry(order: NewOrder) -> dict[str, object]:
    salt = secrets.token_bytes(SALT_BYTES)
    return {
        "order_id": order.id,
        "plan_id": order.choice.plan_id,
        "code": entry_code(order.choice.plan_id, salt),
        "salt": salt,
        "applicant_class": order.choice.applicant_class,
        "choices": list(order.numbers),
    }
