"""The caller, if the session behind the token still lives: ended means ended, here at once."""

from typing import Annotated, Any

from fastapi import Depends

from chassis.auth import CurrentUser, EnrollingUser, Principal
from chassis.errors import SessionEnded
from chassis.service import Db
from identity.context import Ctx
from identity.sessions import queries


async def live_user(principal: CurrentUser, db: Db, context: Ctx) -> Principal:
    return await _alive(principal, db, context)


async def live_enrolling_user(principal: EnrollingUser, db: Db, context: Ctx) -> Principal:
    return await _alive(principal, db, context)


async def _alive(principal: Principal, db: Db, context: Ctx) -> Principal:
    async with db.transaction() as session:
        if not await queries.is_alive(session, principal.session, context.clock()):
            raise SessionEnded
    return principal


REFUSED: dict[int | str, dict[str, Any]] = {401: {"description": "unauthenticated, session_ended"}}
LiveUser = Annotated[Principal, Depends(live_user)]
LiveEnrollingUser = Annotated[Principal, Depends(live_enrolling_user)]
"""Also somebody of the staff who may do nothing yet but enrol an authenticator app."""
