"""Writing rule sets: each change is a new version."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from chassis.logging import get_logger
from sales.rules.domain import OverlappingValidity, RuleSetDraft
from sales.rules.tables import RuleSet

ONE_AT_A_TIME = text("SELECT pg_advisory_xact_lock(hashtext('sales.rule_set ' || :name))")
log = get_logger(__name__)


async def write(session: AsyncSession, command: RuleSetDraft, author: UUID, now: datetime) -> RuleSet:
    """The next version; raises ``OverlappingValidity``. A version without an end ends the day before."""
    await session.execute(ONE_AT_A_TIME, {"name": command.name})
    earlier = await _versions(session, command.name)
    for row in earlier:
        _make_room(row, command)
    written = RuleSet(
        id=uuid7(),
        name=command.name,
        version=max((row.version for row in earlier), default=0) + 1,
        valid_from=command.valid_from,
        valid_until=command.valid_until,
        rules=[rule.model_dump(mode="json") for rule in command.rules],
        created_by=author,
        created_at=now,
    )
    session.add(written)
    log.info("sales.rule_set.written", rule_set_id=written.id, version=written.version)
    return written


async def _versions(session: AsyncSession, name: str) -> list[RuleSet]:
    rows = await session.scalars(select(RuleSet).where(RuleSet.name == name).order_by(RuleSet.version))
    return list(rows)


def _make_room(row: RuleSet, command: RuleSetDraft) -> None:
    if row.valid_until is None and row.valid_from < command.valid_from:
        row.valid_until = date.fromordinal(command.valid_from.toordinal() - 1)
    elif row.valid_from <= (command.valid_until or date.max) and command.valid_from <= (
        row.valid_until or date.max
    ):
        raise OverlappingValidity(version=row.version)
