"""Who of the staff may do what: a table per service, of permissions and the roles that have them.

Nothing is allowed unless the table says so: a permission that is not in it belongs to nobody.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from fastapi import Request

from chassis.auth import CurrentUser, Principal
from chassis.errors import Forbidden

STAFF_PREFIX = "/api/v1/staff/"
"""Every route below it asks for a permission; no other route does."""


class Permissions:
    """The table of one service: ``Permissions({"plans.write": {"manager", "admin"}})``."""

    def __init__(self, table: Mapping[str, Collection[str]]) -> None:
        self.table = MappingProxyType({name: frozenset(roles) for name, roles in table.items()})

    def roles_with(self, permission: str) -> frozenset[str]:
        return self.table.get(permission, frozenset())

    def allow(self, permission: str, roles: frozenset[str]) -> bool:
        return not self.roles_with(permission).isdisjoint(roles)


@dataclass(frozen=True)
class Permitted:
    """A dependency that lets in who has ``permission`` and answers 403 to everybody else."""

    permission: str

    async def __call__(self, request: Request, principal: CurrentUser) -> Principal:
        permissions: Permissions = request.app.state.provided[Permissions]
        if not permissions.allow(self.permission, principal.roles):
            raise Forbidden
        return principal


def permitted(permission: str) -> Permitted:
    """``Annotated[Principal, Depends(permitted("plans.write"))]``: the caller, who has the permission."""
    return Permitted(permission)
