"""What staff do with a draw: freeze it, enter the values of its seed, start it in two, give it up."""

import secrets
from datetime import datetime, timedelta
from hashlib import sha256
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.errors import NotFound
from chassis.four_eyes import decide_by_another
from chassis.logging import get_logger
from sales.context import Context
from sales.deposits import queries as deposits
from sales.draws import queries
from sales.draws.documents import seed_document
from sales.draws.domain import (
    DepositsMissing,
    NothingToDraw,
    PlanStillOpen,
    RecheckRunning,
    ValuesMissing,
    check_abort,
    check_notice,
    check_reading,
    check_reveal,
    missing,
    moved,
    reveals,
    source_values,
    sources_of,
    witnesses_of,
)
from sales.draws.files import write_small
from sales.draws.formats import SECRET_BYTES, canonical, digest, seed_of
from sales.draws.publishing import rules_of
from sales.draws.recipe import Recipe
from sales.draws.tables import Draw, DrawValue
from sales.plans import queries as plans
from sales.plans.domain import Stage as PlanStage
from sales.plans.tables import Plan
from sales.plans.terms import PlanTerms

SECRET = "draws.secret"
WITNESS, SOURCE = "witness", "source"
log = get_logger(__name__)


async def freeze(
    session: AsyncSession, context: Context, draw: Draw, recipe: Recipe, actor: UUID, notice: timedelta
) -> None:
    """Closes the list of entrants and fixes of what the seed will be made; a worker does the rest.

    Raises what refuses it; ``notice`` is how far ahead the first public source must lie.
    """
    plan_id, now = draw.plan_id, context.clock()
    stage = moved(draw.stage, "freeze")
    plan = await plans.find(session, plan_id)
    if plan.stage == PlanStage.PUBLISHED and now < plan.closes_at:
        raise PlanStillOpen(closes_at=plan.closes_at)
    check_notice(recipe, now, notice)
    rules_of(plan)
    if now >= plan.closes_at and not await queries.is_rechecked(session, plan):
        raise RecheckRunning
    if not await queries.count_waiting(session, plan_id):
        raise NothingToDraw
    await _check_deposits(session, plan)
    secret = secrets.token_bytes(SECRET_BYTES)
    draw.stage, draw.attempt, draw.version = stage, draw.attempt + 1, draw.version + 1
    draw.recipe = recipe.model_dump(mode="json")
    draw.secret = context.seal(secret.hex(), SECRET)
    draw.commitment = draw.proposed_by = draw.proposed_at = draw.problem = None
    draw.frozen_by, draw.frozen_at = actor, now
    log.info("sales.draw.freezing", plan_id=plan_id, attempt=draw.attempt, by=actor)


async def _check_deposits(session: AsyncSession, plan: Plan) -> None:
    """Raises ``DepositsMissing``: who lacks the deposit that the plan asks for has no part in its draw."""
    if not PlanTerms.model_validate(plan.terms).deposit:
        return
    lacking = await deposits.count_missing(session, plan.id)
    if lacking:
        raise DepositsMissing(missing=lacking)


async def reveal(
    session: AsyncSession, draw: Draw, index: int, value: str, actor: UUID, now: datetime
) -> None:
    """Notes what the witness revealed; raises ``RevealTooLate`` and ``RevealMismatch``."""
    recipe = _recipe(draw)
    if index >= len(recipe.witnesses):
        raise NotFound
    check_reveal(recipe, index, value, now)
    await _note(session, draw, WITNESS, recipe.witnesses[index].name, 0, (value, ""), actor, now)


async def read(
    session: AsyncSession,
    draw: Draw,
    index: int,
    alternative: int,
    reading: tuple[str | None, str],
    actor: UUID,
    now: datetime,
) -> None:
    """Notes the value of a source's alternative, or that it could not be had, and the evidence.

    Raises ``ValueTooEarly`` and ``OutOfTurn``.
    """
    recipe = _recipe(draw)
    if index >= len(recipe.sources) or alternative > len(recipe.sources[index].alternatives):
        raise NotFound
    source = recipe.sources[index]
    check_reading(source, alternative, await queries.values(session, draw), now)
    await _note(session, draw, SOURCE, source.name, alternative, reading, actor, now)


async def propose(session: AsyncSession, draw: Draw, actor: UUID, now: datetime) -> None:
    """Somebody else may start the draw from here on; raises ``ValuesMissing``."""
    moved(draw.stage, "start")
    await _complete(session, draw, now)
    draw.proposed_by, draw.proposed_at, draw.version = actor, now, draw.version + 1
    log.info("sales.draw.proposed", plan_id=draw.plan_id, by=actor)


async def start(session: AsyncSession, context: Context, draw: Draw, actor: UUID) -> None:
    """Reveals the operator's secret and publishes the seed; a worker draws.

    Raises ``SamePerson`` for who proposed it and ``ValuesMissing`` when nobody did.
    """
    stage, now = moved(draw.stage, "start"), context.clock()
    recipe = await _complete(session, draw, now)
    if draw.proposed_by is None or draw.commitment is None or draw.secret is None:
        raise ValuesMissing(missing=["proposal"])
    decide_by_another(actor, draw.proposed_by)
    values = await queries.values(session, draw)
    secret = bytes.fromhex(context.open(draw.secret, SECRET))
    committed = digest(canonical(draw.commitment))
    seed = seed_of(committed, secret, reveals(recipe, values), source_values(recipe, values))
    witnesses, sources = witnesses_of(recipe, values), sources_of(recipe, values)
    document = canonical(seed_document(draw.plan_id, secret, witnesses, sources, seed))
    await write_small(session, draw.plan_id, "seed.json", document)
    draw.stage, draw.seed, draw.confirmed_by, draw.version = stage, seed.hex(), actor, draw.version + 1
    log.info("sales.draw.seeded", plan_id=draw.plan_id, by=actor)


async def abort(session: AsyncSession, context: Context, draw: Draw, reason: str, actor: UUID) -> None:
    """Gives the attempt up, in public and with the operator's secret; raises ``AbortRefused``."""
    stage, now = moved(draw.stage, "abort"), context.clock()
    check_abort(_recipe(draw), await queries.values(session, draw), now)
    secret = context.open(draw.secret, SECRET) if draw.secret else None
    given_up: dict[str, object] = {
        "attempt": draw.attempt,
        "at": now.isoformat(),
        "reason": reason,
        "commitment": draw.commitment,
        "operator_secret": secret,
    }
    draw.stage, draw.version, draw.proposed_by = stage, draw.version + 1, None
    draw.aborted = [*draw.aborted, given_up]
    log.info("sales.draw.aborted", plan_id=draw.plan_id, attempt=draw.attempt, by=actor)


async def locked(session: AsyncSession, plan_id: UUID) -> Draw:
    """The draw, held; raises ``NothingToDraw`` when nobody has entered it, ``NotFound`` without a plan."""
    draw = await session.get(Draw, plan_id, with_for_update=True)
    if draw is None:
        await queries.plan_with_draw(session, plan_id)
        raise NothingToDraw
    return draw


def _recipe(draw: Draw) -> Recipe:
    """Raises ``IllegalDrawMove`` unless the draw is frozen: there is nothing to enter before or after."""
    moved(draw.stage, "start")
    return Recipe.model_validate(draw.recipe)


async def _complete(session: AsyncSession, draw: Draw, now: datetime) -> Recipe:
    recipe = _recipe(draw)
    silent = missing(recipe, await queries.values(session, draw), now)
    if silent:
        raise ValuesMissing(missing=silent)
    return recipe


async def _note(
    session: AsyncSession,
    draw: Draw,
    kind: str,
    name: str,
    alternative: int,
    reading: tuple[str | None, str],
    actor: UUID,
    now: datetime,
) -> None:
    """Corrects what was entered before, and withdraws a proposal that did not know it."""
    value, evidence = reading
    row = {"value": value, "evidence": evidence, "entered_by": actor, "entered_at": now}
    key = {"plan_id": draw.plan_id, "attempt": draw.attempt, "kind": kind, "name": name}
    statement = insert(DrawValue).values(**key, alternative=alternative, **row)
    await session.execute(statement.on_conflict_do_update(index_elements=[*key, "alternative"], set_=row))
    draw.proposed_by, draw.proposed_at, draw.version = None, None, draw.version + 1
    log.info("sales.draw.value_entered", plan_id=draw.plan_id, kind=kind, alternative=alternative, by=actor)


def commitment_of(secret: bytes) -> str:
    """What is published of the operator's secret until it is revealed."""
    return sha256(secret).hexdigest()
