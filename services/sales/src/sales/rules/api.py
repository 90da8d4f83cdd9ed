"""The staff's routes to rule sets."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel

from chassis import audit
from chassis.auth import Principal
from chassis.client_address import ClientNetwork
from chassis.idempotency import IdempotencyKey, once
from chassis.permissions import permitted
from chassis.service import Db
from sales.plans.api import TheCatalogue
from sales.rules import queries, service
from sales.rules.domain import RULES, Rule, RuleSetDraft
from sales.rules.tables import RuleSet

router = APIRouter(tags=["staff: rules"], prefix="/staff/rule-sets")
Writer = Annotated[Principal, Depends(permitted("rules.write"))]
Reader = Annotated[Principal, Depends(permitted("rules.read"))]


class RuleSetView(BaseModel):
    """One version; a plan refers to it by ``rule_set_id``."""

    rule_set_id: UUID
    name: str
    version: int
    valid_from: date
    valid_until: date | None
    rules: tuple[Rule, ...]

    @classmethod
    def of(cls, row: RuleSet) -> "RuleSetView":
        return cls(
            rule_set_id=row.id,
            name=row.name,
            version=row.version,
            valid_from=row.valid_from,
            valid_until=row.valid_until,
            rules=RULES.validate_python(row.rules),
        )


class RuleSetList(BaseModel):
    items: list[RuleSetView]
    next_cursor: UUID | None


@router.post("", status_code=201, summary="Write the next version of a rule set")
async def write_rules(
    command: RuleSetDraft,
    writer: Writer,
    db: Db,
    catalogue: TheCatalogue,
    client: ClientNetwork,
    key: IdempotencyKey = None,
) -> RuleSetView:
    async with db.transaction() as session:

        async def write() -> RuleSetView:
            now = catalogue.now()
            written = await service.write(session, command, writer.subject, now)
            details = {"rule_set_id": written.id, "name": written.name, "version": written.version}
            entry = audit.Entry(
                action="sales.rule_set.written",
                actor=writer.subject,
                roles=writer.roles,
                client=client,
                details=details,
            )
            await audit.record(session, entry, at=now)
            return RuleSetView.of(written)

        return await once(session, key, f"{writer.subject} write rules", command, RuleSetView, write)


@router.get("", summary="List the versions of the rule sets, newest first")
async def list_rules(_: Reader, db: Db, cursor: Annotated[UUID | None, Query()] = None) -> RuleSetList:
    async with db.transaction() as session:
        rows = await queries.newest(session, cursor)
    following = rows[-1].id if len(rows) == queries.PAGE else None
    return RuleSetList(items=[RuleSetView.of(row) for row in rows], next_cursor=following)
