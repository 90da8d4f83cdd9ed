"""Deciding how a field changes, from now on. What is asked of providers afterwards stays as it was.

Changes that wait keep the number of approvals under which they were asked for.
"""

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import audit
from chassis.auth import Principal
from chassis.errors import NotFound
from chassis.logging import get_logger
from identity.changes import queries
from identity.changes.domain import Edit, Handling
from identity.changes.tables import FieldPolicy
from identity.context import Context
from identity.field_policies.domain import checked

POLICIES_LOCK = 7_031_929
log = get_logger(__name__)


async def decide(
    session: AsyncSession,
    context: Context,
    actor: Principal,
    client: str,
    field: str,
    handling: Handling,
    approvals: int,
) -> None:
    """Raises ``NotFound`` or ``PolicyRefused``. What is so already is not written again."""
    if field not in Edit.model_fields:
        raise NotFound
    checked(field, handling, approvals)
    await session.execute(select(func.pg_advisory_xact_lock(POLICIES_LOCK)))
    now = context.clock()
    before = (await queries.policies(session, now))[field]
    if (before.handling, before.approvals) == (handling, approvals):
        return
    decided = {"handling": handling, "approvals": approvals, "inquiries": list(before.inquiries)}
    row = insert(FieldPolicy).values(field=field, valid_from=now, **decided)
    key = [FieldPolicy.field, FieldPolicy.valid_from]
    await session.execute(row.on_conflict_do_update(index_elements=key, set_=decided))
    entry = audit.Entry(
        action="identity.field_policy.decided",
        actor=actor.subject,
        roles=actor.roles,
        client=client,
        details={
            "field": field,
            "from": {"handling": before.handling, "approvals": before.approvals},
            "to": {"handling": handling, "approvals": approvals},
        },
    )
    await audit.record(session, entry, at=now)
    log.info("identity.field_policy.decided", field=field, handling=handling, approvals=approvals)
