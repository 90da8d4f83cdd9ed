"""The trail of a service for its auditors; looking into it is in it too."""

from datetime import datetime
from typing import Annotated, Any, Self
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, ConfigDict, Field

from chassis.audit import queries
from chassis.audit.chain import StoredEntry
from chassis.audit.entry import Entry
from chassis.audit.queries import Wanted
from chassis.audit.recording import record
from chassis.auth import Principal
from chassis.client_address import ClientNetwork
from chassis.clock import Clock
from chassis.days import Moment
from chassis.json import loads
from chassis.permissions import permitted
from chassis.service import Db

Reader = Annotated[Principal, Depends(permitted("audit.read"))]


class Filters(BaseModel):
    """``action`` is a whole name, or its beginning up to a dot. ``until`` is not included."""

    model_config = ConfigDict(extra="forbid")

    actor: UUID | None = None
    subject: UUID | None = None
    action: Annotated[str, Field(max_length=100, pattern=r"^[a-z_]+(\.[a-z_]+)*$")] | None = None
    since: Moment | None = None
    until: Moment | None = None
    cursor: UUID | None = None

    @property
    def wanted(self) -> Wanted:
        return Wanted(**self.model_dump(exclude={"cursor"}))


class EntryView(BaseModel):
    entry_id: UUID
    at: datetime
    actor: UUID | None
    roles: list[str]
    subject: UUID | None
    action: str
    client: str | None
    correlation_id: str | None
    details: dict[str, Any]

    @classmethod
    def of(cls, entry: StoredEntry) -> Self:
        values = entry._asdict()
        return cls(entry_id=values.pop("id"), details=loads(values.pop("details")), **values)


class EntryPage(BaseModel):
    items: list[EntryView]
    next_cursor: UUID | None


def audit_router(path: str, clock: Clock) -> APIRouter:
    """``GET path`` for those with the permission ``audit.read``."""
    router = APIRouter(tags=["staff: audit"])

    @router.get(path, summary="Who looked at or changed whose data, newest first")
    async def read_trail(
        filters: Annotated[Filters, Query()], reader: Reader, db: Db, client: ClientNetwork
    ) -> EntryPage:
        asked = filters.model_dump(mode="json", exclude_none=True, exclude={"subject"})
        looked = Entry(
            action="audit.read",
            actor=reader.subject,
            subject=filters.subject,
            roles=reader.roles,
            client=client,
            details=asked,
        )
        async with db.transaction() as session:
            found = await queries.page(session, filters.wanted, filters.cursor)
            await record(session, looked, at=clock())
        following = found[-1].id if len(found) == queries.PAGE else None
        return EntryPage(items=[EntryView.of(entry) for entry in found], next_cursor=following)

    return router
