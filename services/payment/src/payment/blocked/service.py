"""Taking banks' lists in, and closing them: a complete list releases whom it does not name."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import Integer, Text, Uuid, bindparam, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.crypto import BlindIndex
from chassis.imports import BadRow, Batch, ImportKind
from chassis.imports.store import Import
from chassis.logging import get_logger
from payment.blocked.matching import StagedRow, match
from payment.blocked.rows import Blocked, BlockedList, BlockedRow, quick
from payment.blocked.tables import BankList
from payment.blocked.telling import tell

NAME = "blocked_deposits"
BATCH = 5_000
RELEASED_AT_ONCE = 5_000
log = get_logger(__name__)

_RELEASE = text(
    """
    WITH gone AS (
        SELECT customer_id FROM blocked_deposits
        WHERE plan_id = :plan_id AND bank = :bank AND live AND list_id <> :list_id LIMIT :most FOR UPDATE
    ), changed AS (
        UPDATE blocked_deposits AS known SET live = false, version = version + 1, list_id = :list_id
        FROM gone
        WHERE known.plan_id = :plan_id AND known.bank = :bank AND known.customer_id = gone.customer_id
        RETURNING known.customer_id, amount, blocked_on, live, version
    ), noted AS (
        INSERT INTO blocked_differences (list_id, line, reason, customer_id, amount)
        SELECT :list_id, NULL, 'no_longer_listed', customer_id, amount FROM changed
    )
    SELECT json_agg(changed)::text FROM changed
    """
).bindparams(
    bindparam("plan_id", type_=Uuid),
    bindparam("list_id", type_=Uuid),
    bindparam("bank", type_=Text),
    bindparam("most", type_=Integer),
)


def bank_lists(index: BlindIndex) -> ImportKind[BlockedRow]:
    made = partial(quick, index=index)
    return ImportKind(NAME, BlockedRow, partial(take_in, index=index), BlockedList, quick=made, batch=BATCH)


async def take_in(session: AsyncSession, batch: Batch[Any], *, index: BlindIndex) -> list[BadRow]:
    """Nothing is left out: what is not a buyer's deposit is among the list's differences."""
    about: BlockedList = batch.options
    fresh = {
        **about.model_dump(),
        **dict.fromkeys(("matched", "differing", "released"), 0),
        "id": batch.import_id,
        "begun_at": batch.now,
    }
    await session.execute(insert(BankList).values(fresh).on_conflict_do_nothing())
    changed = await match(session, batch.import_id, about, _staged(batch, index))
    await tell(session, batch.import_id, about.plan_id, about.bank, changed)
    return []


def _staged(batch: Batch[Any], index: BlindIndex) -> Iterator[StagedRow]:
    """A row for each index that a person may be known by: one, unless the key is being changed.

    Lines hold a ``Blocked`` where they were written plainly, else a ``BlockedRow``.
    """
    for line in batch.lines:
        people, amount, on, released = line.row if isinstance(line.row, Blocked) else line.row.counted(index)
        for person in people:
            yield line.number, person, amount, on, released


async def open_lists(session: AsyncSession) -> Sequence[UUID]:
    return (await session.scalars(select(BankList.id).where(BankList.closed_at.is_(None)))).all()


async def lock_open(session: AsyncSession, ended: Mapping[UUID, Import]) -> BankList | None:
    """A list whose file was taken in and that nobody is closing."""
    query = select(BankList).where(BankList.closed_at.is_(None), BankList.id.in_(ended))
    return await session.scalar(query.order_by(BankList.id).limit(1).with_for_update(skip_locked=True))


async def go_on_closing(session: AsyncSession, one: BankList, *, to_its_end: bool, now: datetime) -> None:
    """Releases some whom a complete list does not name, or closes it when there are none left.

    A list that was not read ``to_its_end`` says nothing of whom it does not name.
    """
    if one.complete and to_its_end:
        wanted = {"plan_id": one.plan_id, "bank": one.bank, "list_id": one.id, "most": RELEASED_AT_ONCE}
        changed = await session.scalar(_RELEASE, wanted)
        released = await tell(session, one.id, one.plan_id, one.bank, changed)
        if released:
            one.released += released
            one.differing += released
            return
    one.closed_at = now
    log.info("payment.blocked_list.closed", list_id=one.id, matched=one.matched, released=one.released)
