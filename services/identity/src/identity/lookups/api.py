"""Who looked at the caller's data; the gateway adds what the other services know."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from chassis.audit.access_log import PATH, AccessPage, read_page
from chassis.service import Db
from identity.sessions.current import REFUSED, LiveUser

router = APIRouter(tags=["account"])


@router.get(PATH, summary="Who looked at or changed my data, newest first", responses=REFUSED)
async def read_access_log(
    user: LiveUser, db: Db, cursor: Annotated[UUID | None, Query()] = None
) -> AccessPage:
    async with db.transaction() as session:
        return await read_page(session, user.subject, cursor)
