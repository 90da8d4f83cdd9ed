"""The worker's part of a draw: commit to the frozen entries, and hold the draw once it is seeded.

Entries stream out of PostgreSQL with ``COPY``, are computed on in a process of their own, and what comes of
it streams in, in one transaction with the new stage. So the results are there for everybody at once.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from datetime import timedelta
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar
from uuid import UUID

from sqlalchemy import ARRAY, BigInteger, Text, Uuid, bindparam, or_, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.database import Database
from chassis.json import loads
from chassis.logging import get_logger
from chassis.messaging import outbox
from events.sales import DrawHeld
from sales.context import Context
from sales.draws import computing, files
from sales.draws.computing import Allocation, EntriesChanged, Files, FrozenEntries, Rules
from sales.draws.documents import Commitment, rules_document
from sales.draws.domain import WORK, Stage, moved
from sales.draws.formats import canonical, digest
from sales.draws.publishing import class_order, computable, rules_of, seats
from sales.draws.recipe import Recipe
from sales.draws.registry import SMALL_BYTES, Digests
from sales.draws.service import SECRET, commitment_of
from sales.draws.tables import Draw, DrawFile
from sales.plans import queries as plans

LEASE = timedelta(minutes=10)
PAUSE = timedelta(seconds=30)
DROP = text(
    "DELETE FROM draw_entries USING orders WHERE orders.plan_id = :plan_id"
    " AND orders.state <> 'registered' AND orders.id = draw_entries.order_id"
)
IN_BULK = text(
    "SELECT set_config(name, value, true) FROM (VALUES ('work_mem', '128MB'), ('parallel_setup_cost', '0'),"
    " ('parallel_tuple_cost', '0')) AS settings (name, value)"
)
"""All entries are sorted on all cores, not fetched one by one in the order of an index."""
REGISTRY = """
SELECT encode(code, 'hex') || ',' || array_position($2::text[], applicant_class)
       || ',' || array_to_string(choices, '.') || ';' || order_id
FROM draw_entries WHERE plan_id = $1 ORDER BY code
"""
MOVE_SEATS = text(
    "UPDATE quotas SET capacity = seats.cars FROM unnest(:ids, :codes, :cars) AS seats (id, code, cars)"
    " WHERE quotas.offering_id = seats.id AND quotas.level = 'class' AND quotas.key = seats.code"
).bindparams(
    bindparam("ids", type_=ARRAY(Uuid)),
    bindparam("codes", type_=ARRAY(Text)),
    bindparam("cars", type_=ARRAY(BigInteger)),
)
Value = TypeVar("Value")
log = get_logger(__name__)


async def work(database: Database, context: Context) -> bool:
    """Does what one draw waits for; whether there was one."""
    draw = await _claim(database, context)
    if draw is None:
        return False
    with TemporaryDirectory(prefix="nobat-draw-") as folder:
        step = {Stage.FREEZING: commit, Stage.SEEDED: hold}[Stage(draw.stage)]
        try:
            await step(database, context, draw, Path(folder))
        except EntriesChanged:
            await _stand_still(database, draw.plan_id, "entries_changed")
        finally:
            await _let_go(database, draw, context)
    return True


async def _claim(database: Database, context: Context) -> Draw | None:
    """A lease: a worker that died lets go of its draw after ``LEASE``."""
    now = context.clock()
    free = or_(Draw.claimed_until.is_(None), Draw.claimed_until < now)
    waiting = select(Draw).where(Draw.stage.in_(WORK), Draw.problem.is_(None), free)
    async with database.transaction() as session:
        draw = await session.scalar(waiting.limit(1).with_for_update(skip_locked=True))
        if draw is not None:
            draw.claimed_until = now + LEASE
        return draw


async def _stand_still(database: Database, plan_id: UUID, problem: str) -> None:
    async with database.transaction() as session:
        draw = await session.get_one(Draw, plan_id, with_for_update=True)
        draw.problem, draw.claimed_until = problem, None
    log.error("sales.draw.stands_still", plan_id=plan_id, problem=problem)


async def _let_go(database: Database, draw: Draw, context: Context) -> None:
    """Whoever failed is followed soon, not at the end of the lease."""
    mine = update(Draw).where(Draw.plan_id == draw.plan_id, Draw.claimed_until == draw.claimed_until)
    async with database.transaction() as session:
        await session.execute(mine.values(claimed_until=context.clock() + PAUSE))


async def commit(database: Database, context: Context, draw: Draw, folder: Path) -> None:
    """Publishes the entries, the rules and the commitment to both and to the operator's secret."""
    registry, entries = folder / "registry", folder / "entries.txt"
    async with database.transaction() as session:
        await session.execute(IN_BULK)
        await session.execute(DROP, {"plan_id": draw.plan_id})
        await _copy_out(session, draw.plan_id, registry)
    frozen = await _compute(registry, computing.freeze, registry, entries)
    async with database.transaction() as session:
        row = await session.get_one(Draw, draw.plan_id, with_for_update=True)
        if (row.stage, row.attempt) != (draw.stage, draw.attempt):
            return
        await _publish_commitment(session, context, row, frozen, entries)
        row.stage, row.claimed_until, row.version = moved(row.stage, "commit"), None, row.version + 1
    log.info("sales.draw.frozen", plan_id=draw.plan_id, entries=frozen.digests.count)


async def _publish_commitment(
    session: AsyncSession, context: Context, draw: Draw, frozen: FrozenEntries, entries: Path
) -> None:
    plan = await plans.find(session, draw.plan_id)
    rules = canonical(rules_document(rules_of(plan), Recipe.model_validate(draw.recipe)))
    assert draw.secret is not None
    assert draw.frozen_at is not None
    secret = bytes.fromhex(context.open(draw.secret, SECRET))
    commitment = Commitment(
        draw.plan_id, draw.attempt, draw.frozen_at, digest(rules), frozen, commitment_of(secret)
    ).document()
    draw.commitment = commitment
    await files.write_small(session, draw.plan_id, "rules.json", rules)
    await files.write_small(session, draw.plan_id, "commitment.json", canonical(commitment))
    await files.write_large(
        session, draw.plan_id, "entries.txt", entries, frozen.digests.entries, frozen.blocks
    )


async def hold(database: Database, context: Context, draw: Draw, folder: Path) -> None:
    """Ranks and allocates what was frozen; raises ``EntriesChanged`` when that is not what is there."""
    paths = Files(folder / "registry", folder / "result.txt", folder / "rows", draw.plan_id)
    async with database.transaction() as session:
        await session.execute(IN_BULK)
        rules = await _published_rules(session, draw.plan_id)
        await _copy_out(session, draw.plan_id, paths.registry)
    assert draw.commitment is not None
    assert draw.seed is not None
    committed = Digests.of(draw.commitment)
    seed = bytes.fromhex(draw.seed)
    found = await _compute(paths.registry, computing.draw, paths, rules, seed, committed)
    async with database.transaction() as session:
        row = await session.get_one(Draw, draw.plan_id, with_for_update=True)
        if row.stage != Stage.SEEDED:
            return
        await _store(session, paths, rules, found)
        row.stage, row.drawn_at, row.version = moved(row.stage, "draw"), context.clock(), row.version + 1
        row.selected, row.reserve, row.claimed_until = found.selected, found.reserve, None
        await outbox.record(session, _event(row))
    log.info("sales.draw.held", plan_id=draw.plan_id, selected=found.selected, reserve=found.reserve)


def _event(draw: Draw) -> DrawHeld:
    return DrawHeld(
        plan_id=draw.plan_id,
        version=draw.version,
        entries=Digests.of(draw.commitment or {}).count,
        selected=draw.selected or 0,
        reserve=draw.reserve or 0,
    )


async def _store(session: AsyncSession, paths: Files, rules: Rules, found: Allocation) -> None:
    connection = await files.driver(session)
    await connection.copy_to_table("draw_results", source=paths.rows, columns=computing.ROW)
    await files.write_large(session, paths.plan_id, "result.txt", paths.result, found.sha256, found.blocks)
    moved_seats = seats(rules, found.seats)
    columns = {
        "ids": [offering_id for offering_id, _ in moved_seats],
        "codes": [code for _, code in moved_seats],
        "cars": list(moved_seats.values()),
    }
    await session.execute(MOVE_SEATS, columns)


async def _published_rules(session: AsyncSession, plan_id: UUID) -> Rules:
    content = await session.scalar(
        select(DrawFile.content).where(DrawFile.plan_id == plan_id, DrawFile.name == "rules.json")
    )
    return computable(loads(content or b"{}"))


async def _copy_out(session: AsyncSession, plan_id: UUID, registry: Path) -> None:
    plan = await plans.find(session, plan_id)
    order = class_order(plan.applicant_classes, plan.quota_handover)
    await (await files.driver(session)).copy_from_query(REGISTRY, plan_id, order, output=registry)


async def _compute(registry: Path, function: Callable[..., Value], *arguments: object) -> Value:
    """Off the event loop: a long one in a process of its own."""
    if files.size_of(registry) <= SMALL_BYTES:
        return await asyncio.to_thread(function, *arguments)
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return await asyncio.get_running_loop().run_in_executor(pool, function, *arguments)
