"""The caller, if the session behind the token still lives: ended means ended, here at once."""

from typing import Annotated, Any

from fastapi import Depends

from chassis.auth import CurrentUser, Principal
from chassis.service import Db
from identity.context import Ctx
from identity.sessions import queries
from identity.sessions.domain import SessionEnded


async def live_user(principal: CurrentUser, db: Db, context: Ctx) -> Principal:
    async with db.transaction() as session:
        if not await queries.is_alive(session, principal.session, context.clock()):
            raise SessionEnded
    return principal


REFUSED: dict[int | str, dict[str, Any]] = {401: {"description": "unauthenticated, session_ended"}}
LiveUser = Annotated[Principal, Depends(live_user)]
