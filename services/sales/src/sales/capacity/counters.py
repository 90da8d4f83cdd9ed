"""The counters of offerings and of the quotas within them: locked, taken from, given back.

Whoever moves a counter locks the rows of the offerings first, in the order of their ids, then orders; the
quotas of an offering are guarded by the offering's lock. ``CHECK (sold <= capacity)`` is the last defence.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Protocol, TypeVar
from uuid import UUID

from sqlalchemy import ARRAY, BigInteger, Text, Uuid, bindparam, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from sales.plans.domain import QuotaKey
from sales.plans.tables import Quota

Key = TypeVar("Key")


class Seat(Protocol):
    """What an order, or a wish for one, occupies."""

    @property
    def offering_id(self) -> UUID: ...
    @property
    def applicant_class(self) -> str: ...
    @property
    def dealership_id(self) -> UUID: ...
    @property
    def colour(self) -> str | None: ...


LOCK = text(
    "SELECT id, capacity - sold AS free FROM offerings WHERE id = ANY(:ids) ORDER BY id FOR UPDATE"
).bindparams(bindparam("ids", type_=ARRAY(Uuid)))

OFFERINGS_OF_ORDERS = text("SELECT DISTINCT offering_id FROM orders WHERE id = ANY(:ids)").bindparams(
    bindparam("ids", type_=ARRAY(Uuid))
)

QUOTAS = text(
    "SELECT offering_id, level, key, capacity - sold AS free FROM quotas"
    " WHERE offering_id = ANY(:ids) AND capacity IS NOT NULL"
).bindparams(bindparam("ids", type_=ARRAY(Uuid)))

MOVE = text(
    """
    WITH of_quotas AS (
        UPDATE quotas SET sold = sold + moved.cars
        FROM unnest(:quota_ids, :levels, :keys, :quota_cars) AS moved (id, level, key, cars)
        WHERE quotas.offering_id = moved.id AND quotas.level = moved.level AND quotas.key = moved.key
          AND capacity IS NOT NULL
    )
    UPDATE offerings SET sold = sold + moved.cars
    FROM unnest(:ids, :cars) AS moved (id, cars) WHERE offerings.id = moved.id
    """
).bindparams(
    *(bindparam(name, type_=ARRAY(Uuid)) for name in ("ids", "quota_ids")),
    *(bindparam(name, type_=ARRAY(Text)) for name in ("levels", "keys")),
    *(bindparam(name, type_=ARRAY(BigInteger)) for name in ("cars", "quota_cars")),
)


HAND_OVER = text(
    """
    WITH unused AS (
        UPDATE quotas AS giver SET capacity = giver.sold
        FROM quotas AS taker
        WHERE giver.offering_id = ANY(:ids) AND giver.level = 'class' AND giver.key <> :taker
          AND taker.offering_id = giver.offering_id AND taker.level = 'class' AND taker.key = :taker
        RETURNING giver.offering_id
    ), counted AS (
        SELECT quotas.offering_id, CAST(sum(capacity - sold) AS integer) AS seats
        FROM quotas JOIN (SELECT DISTINCT offering_id FROM unused) AS touched USING (offering_id)
        WHERE level = 'class' AND key <> :taker
        GROUP BY quotas.offering_id
    )
    UPDATE quotas SET capacity = capacity + counted.seats FROM counted
    WHERE quotas.offering_id = counted.offering_id AND level = 'class' AND key = :taker
    RETURNING counted.seats
    """
).bindparams(bindparam("ids", type_=ARRAY(Uuid)), bindparam("taker", type_=Text))


async def lock(session: AsyncSession, offering_ids: Collection[UUID]) -> dict[UUID, int]:
    """Locks the offerings; the free cars of each."""
    rows = await session.execute(LOCK, {"ids": sorted(offering_ids)})
    return {row.id: row.free for row in rows}


async def lock_of_orders(session: AsyncSession, order_ids: Collection[UUID]) -> None:
    """Locks the offerings of these orders: before the orders' own rows are locked."""
    offering_ids = await session.scalars(OFFERINGS_OF_ORDERS, {"ids": list(order_ids)})
    await lock(session, offering_ids.all())


async def free_in_quotas(session: AsyncSession, offering_ids: Collection[UUID]) -> dict[QuotaKey, int]:
    """The free cars of each limited quota of offerings that the caller has locked."""
    rows = await session.execute(QUOTAS, {"ids": list(offering_ids)})
    return {(row.offering_id, row.level, row.key): row.free for row in rows}


async def take(session: AsyncSession, taken: Iterable[tuple[UUID, Collection[QuotaKey]]]) -> None:
    """One car less for each pair of an offering and the limited quotas that the seat belongs to.

    The caller has locked the offerings and seen that there is room.
    """
    pairs = list(taken)
    offerings = Counter(offering_id for offering_id, _ in pairs)
    await move(session, offerings, Counter(key for _, keys in pairs for key in keys))


async def release(session: AsyncSession, orders: Sequence[Seat]) -> None:
    """The cars of these orders are free again; the caller called ``lock_of_orders`` before it locked them."""
    offerings = Counter(order.offering_id for order in orders)
    quotas = Counter(key for order in orders for key in quota_keys(order))
    await move(session, _negative(offerings), _negative(quotas))


def quota_keys(seat: Seat) -> list[QuotaKey]:
    """The quotas that a seat counts in, where its offering has such rows."""
    keys: list[QuotaKey] = [
        (seat.offering_id, "class", seat.applicant_class),
        (seat.offering_id, "dealership", str(seat.dealership_id)),
    ]
    if seat.colour is not None:
        keys.append((seat.offering_id, "colour", seat.colour))
    return keys


async def move(session: AsyncSession, offerings: Mapping[UUID, int], quotas: Mapping[QuotaKey, int]) -> None:
    """Adds to what is sold of each; quotas without a limit are not counted."""
    if not offerings and not quotas:
        return
    columns = {
        "ids": list(offerings),
        "cars": list(offerings.values()),
        "quota_ids": [offering_id for offering_id, _, _ in quotas],
        "levels": [level for _, level, _ in quotas],
        "keys": [key for _, _, key in quotas],
        "quota_cars": list(quotas.values()),
    }
    await session.execute(MOVE, columns)


async def hand_over(session: AsyncSession, offering_ids: Collection[UUID], applicant_class: str) -> int:
    """Moves what other classes have left of their quotas to this one; how many seats."""
    await lock(session, offering_ids)
    seats = await session.scalars(HAND_OVER, {"ids": list(offering_ids), "taker": applicant_class})
    return sum(seats)


async def hand_on(session: AsyncSession, giver: QuotaKey, taker: QuotaKey, seats: int) -> int:
    """Moves so many free seats from one quota of an offering to another, or as many as there are; how many.

    The caller has locked the offering.
    """
    free = await free_in_quotas(session, [giver[0]])
    moved = min(seats, free.get(giver, 0))
    if not moved or taker not in free:
        return 0
    for (offering_id, level, key), count in ((giver, -moved), (taker, moved)):
        place = (Quota.offering_id == offering_id, Quota.level == level, Quota.key == key)
        await session.execute(update(Quota).where(*place).values(capacity=Quota.capacity + count))
    return moved


def _negative(counted: Counter[Key]) -> dict[Key, int]:
    return {key: -count for key, count in counted.items()}
