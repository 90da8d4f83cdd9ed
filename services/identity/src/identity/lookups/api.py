"""Who looked at the caller's data."""

from datetime import datetime
from typing import Annotated, Any, Self
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel

from chassis.audit import queries
from chassis.audit.chain import StoredEntry
from chassis.json import loads
from chassis.service import Db
from identity.lookups.domain import Purpose
from identity.sessions.current import REFUSED, LiveUser

router = APIRouter(prefix="/me/access-log", tags=["account"])


class Access(BaseModel):
    """``roles`` are those of the colleague, who is not named. ``fields`` were seen unmasked."""

    at: datetime
    action: str
    roles: list[str]
    purpose: Purpose | None
    fields: list[str]

    @classmethod
    def of(cls, entry: StoredEntry) -> Self:
        details: dict[str, Any] = loads(entry.details)
        fields = details.get("fields") or []
        purpose = details.get("purpose")
        return cls(at=entry.at, action=entry.action, roles=entry.roles, purpose=purpose, fields=fields)


class AccessPage(BaseModel):
    items: list[Access]
    next_cursor: UUID | None


@router.get("", summary="Who looked at or changed my data, newest first", responses=REFUSED)
async def read_access_log(
    user: LiveUser, db: Db, cursor: Annotated[UUID | None, Query()] = None
) -> AccessPage:
    async with db.transaction() as session:
        found = await queries.by_others(session, user.subject, cursor)
    following = found[-1].id if len(found) == queries.PAGE else None
    return AccessPage(items=[Access.of(entry) for entry in found], next_cursor=following)
