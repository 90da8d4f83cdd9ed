"""What a person sees of a service's trail: what others did with their data."""

from datetime import datetime
from typing import Any, Self
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.audit import queries
from chassis.audit.chain import StoredEntry
from chassis.auth import CurrentUser
from chassis.json import loads
from chassis.service import Db

PATH = "/me/access-log"


class Access(BaseModel):
    """``roles`` are those of the colleague, who is not named. ``fields`` were seen unmasked."""

    access_id: UUID
    at: datetime
    action: str
    roles: list[str]
    purpose: str | None
    fields: list[str]

    @classmethod
    def of(cls, entry: StoredEntry) -> Self:
        details: dict[str, Any] = loads(entry.details)
        return cls(
            access_id=entry.id,
            at=entry.at,
            action=entry.action,
            roles=entry.roles,
            purpose=details.get("purpose"),
            fields=details.get("fields") or [],
        )


class AccessPage(BaseModel):
    """``partial`` names the services whose trail could not be had."""

    items: list[Access]
    next_cursor: UUID | None
    partial: list[str] = []


async def read_page(session: AsyncSession, subject: UUID, cursor: UUID | None) -> AccessPage:
    """The newest first."""
    found = await queries.by_others(session, subject, cursor)
    following = found[-1].id if len(found) == queries.PAGE else None
    return AccessPage(items=[Access.of(entry) for entry in found], next_cursor=following)


def access_log_router() -> APIRouter:
    """The part of a service in the person's page, which the gateway puts together."""
    router = APIRouter(tags=["account"])

    @router.get(PATH, summary="Who looked at or changed what is mine here, newest first")
    async def read_access_log(user: CurrentUser, db: Db, cursor: UUID | None = None) -> AccessPage:
        async with db.transaction() as session:
            return await read_page(session, user.subject, cursor)

    return router
