"""Permissions at the routes of identity, where an ended session is known at once."""

from fastapi import Request

from chassis.auth import CurrentUser, Principal
from chassis.database import Database
from chassis.permissions import Permitted
from identity.context import Context
from identity.sessions.current import live_user


class PermittedNow(Permitted):
    """Lets in who has the permission and a session that lives."""

    async def __call__(self, request: Request, principal: CurrentUser) -> Principal:
        provided = request.app.state.provided
        allowed = await super().__call__(request, principal)
        return await live_user(allowed, provided[Database], provided[Context])


def permitted(permission: str) -> PermittedNow:
    return PermittedNow(permission)
