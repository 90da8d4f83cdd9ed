"""Editing one's account: what is free counts at once, the rest waits for the staff.

Locks are taken in this order everywhere: the customer, then the change.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from chassis import audit
from chassis.errors import NotFound
from chassis.logging import get_logger
from identity.changes import queries
from identity.changes.domain import ChangeAlreadyDecided, Edit, FieldsLocked, Policy, VersionConflict
from identity.changes.tables import VALUE, ProfileChange
from identity.context import Context
from identity.customers import changing
from identity.customers.domain import Profile
from identity.customers.sealing import opened
from identity.customers.tables import Customer
from identity.inquiries import service as inquiries
from identity.inquiries.domain import Kind

log = get_logger(__name__)


@dataclass(frozen=True)
class Edited:
    """``applied`` fields hold what was asked for; the ``pending`` changes wait."""

    version: int
    applied: Sequence[str]
    pending: Sequence[ProfileChange]


async def edit(
    session: AsyncSession,
    context: Context,
    customer_id: UUID,
    wanted: Edit,
    *,
    version: int | None,
    client: str,
) -> Edited:
    """Raises ``FieldsLocked`` and, when ``version`` is not the account's, ``VersionConflict``."""
    customer = await changing.locked(session, customer_id)
    if customer is None:
        raise NotFound
    if version not in (None, customer.version):
        raise VersionConflict
    now = context.clock()
    policies = await queries.policies(session, now)
    if locked := [field for field in wanted.model_fields_set if policies[field].handling == "locked"]:
        raise FieldsLocked(sorted(locked))
    before = opened(customer, context.vault)
    values = wanted.values_for(before.address.model_dump())
    asked = Profile.model_validate({**before.model_dump(), **values})
    changed = {field for field in values if getattr(asked, field) != getattr(before, field)}
    waiting = await _replace_pending(session, context, customer, asked, values.keys(), changed, policies)
    free = {field: values[field] for field in changed if policies[field].handling == "free"}
    if free:
        await apply(session, context, customer, free, policies)
    applied = sorted(values.keys() - {change.field for change in waiting})
    await _write_down(session, customer_id, client, applied, waiting, now)
    return Edited(customer.version, applied, waiting)


async def apply(
    session: AsyncSession,
    context: Context,
    customer: Customer,
    values: Mapping[str, Any],
    policies: Mapping[str, Policy],
) -> None:
    """Writes the values to the held customer and has asked what their policies want asked."""
    await changing.change(session, context, customer, values)
    kinds = {Kind(kind) for field in values for kind in policies[field].inquiries}
    if kinds:
        await inquiries.ask(session, context, customer.id, kinds)


async def _replace_pending(
    session: AsyncSession,
    context: Context,
    customer: Customer,
    asked: Profile,
    named: Iterable[str],
    changed: Collection[str],
    policies: Mapping[str, Policy],
) -> list[ProfileChange]:
    """The changes that wait now for the fields of ``named``. One that was replaced has no approvals."""
    earlier = await queries.pending_of(session, customer.id)
    as_json = asked.model_dump(mode="json")
    waiting = []
    for field in sorted(named):
        before = earlier.get(field)
        needed = field in changed and policies[field].handling == "approval"
        if before and needed and context.vault.open(before.value, VALUE) == as_json[field]:
            waiting.append(before)
            continue
        if before:
            _end(before, "withdrawn", context.clock())
            await session.flush()
        if needed:
            waiting.append(_new(context, customer.id, field, as_json[field], policies[field]))
    session.add_all(waiting)
    await session.flush()
    return waiting


def _new(context: Context, customer_id: UUID, field: str, value: Any, policy: Policy) -> ProfileChange:
    return ProfileChange(
        id=uuid7(),
        customer_id=customer_id,
        field=field,
        value=context.vault.seal(value, VALUE),
        asked_at=context.clock(),
        approvals_needed=policy.approvals,
        state="pending",
    )


async def withdraw(
    session: AsyncSession, context: Context, customer_id: UUID, change_id: UUID, client: str
) -> None:
    """Raises ``NotFound`` for another's change, ``ChangeAlreadyDecided`` for one that is over."""
    await changing.locked(session, customer_id)
    change = await held(session, change_id)
    if change is None or change.customer_id != customer_id:
        raise NotFound
    if change.state != "pending":
        raise ChangeAlreadyDecided
    _end(change, "withdrawn", context.clock())
    entry = audit.Entry(
        action="identity.change.withdrawn",
        actor=customer_id,
        subject=customer_id,
        client=client,
        details={"change_id": str(change_id), "field": change.field},
    )
    await audit.record(session, entry, at=context.clock())


async def held(session: AsyncSession, change_id: UUID) -> ProfileChange | None:
    """The change, held until the transaction ends."""
    found = select(ProfileChange).where(ProfileChange.id == change_id).with_for_update()
    return await session.scalar(found.execution_options(populate_existing=True))


def _end(change: ProfileChange, state: str, now: datetime) -> None:
    change.state, change.decided_at = state, now
    log.info(f"identity.change.{state}", change_id=str(change.id), field=change.field)


async def _write_down(
    session: AsyncSession,
    customer_id: UUID,
    client: str,
    applied: Sequence[str],
    waiting: Sequence[ProfileChange],
    now: datetime,
) -> None:
    entry = audit.Entry(
        action="identity.customer.edited",
        actor=customer_id,
        subject=customer_id,
        client=client,
        details={"applied": list(applied), "pending": [change.field for change in waiting]},
    )
    await audit.record(session, entry, at=now)
