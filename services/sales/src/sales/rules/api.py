"""The staff's routes to rule sets."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.auth import Principal
from chassis.idempotency import IdempotencyKey
from chassis.permissions import permitted
from chassis.service import Db
from sales.deeds import Deeds
from sales.rules import queries, service
from sales.rules.domain import RULES, Rule, RuleSetDraft
from sales.rules.tables import RuleSet

router = APIRouter(tags=["staff: rules"], prefix="/staff/rule-sets")
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


class RuleSets(Deeds[RuleSet, RuleSetView, Literal["written"]]):
    kind = "rule_set"
    view = RuleSetView

    def details(self, row: RuleSet) -> Mapping[str, Any]:
        return {"rule_set_id": row.id, "name": row.name, "version": row.version}

    async def show(self, session: AsyncSession, row: RuleSet) -> RuleSetView:
        return RuleSetView.of(row)


Writing = Annotated[RuleSets, Depends(RuleSets.of("rules.write"))]


@router.post("", status_code=201, summary="Write the next version of a rule set")
async def write_rules(form: RuleSetDraft, write: Writing, key: IdempotencyKey = None) -> RuleSetView:
    by, now = write.member.subject, write.context.clock()
    return await write.create("written", form, key, lambda session: service.write(session, form, by, now))


@router.get("", summary="List the versions of the rule sets, newest first")
async def list_rules(_: Reader, db: Db, cursor: Annotated[UUID | None, Query()] = None) -> RuleSetList:
    async with db.transaction() as session:
        rows = await queries.newest(session, cursor)
    following = rows[-1].id if len(rows) == queries.PAGE else None
    return RuleSetList(items=[RuleSetView.of(row) for row in rows], next_cursor=following)
