"""The routes of staff of every service, the permission each asks for, and what is wrong with them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from fastapi.dependencies.models import Dependant
from fastapi.routing import iter_route_contexts

from chassis.permissions import STAFF_PREFIX, Permissions, Permitted
from chassis.service import Service, create_api
from identity.staff.domain import ROLES
from nobat.generation.services import services


@dataclass(frozen=True)
class StaffRoute:
    """``permission`` is None when the route asks for none; then nobody may take it."""

    service: str
    method: str
    path: str
    permission: str | None
    roles: frozenset[str]

    def __str__(self) -> str:
        return f"{self.method} {self.path}"


def staff_routes() -> list[StaffRoute]:
    """By service, in the order of path and method."""
    return [route for service in services() for route in routes_of(service)]


def routes_of(service: Service) -> list[StaffRoute]:
    """The routes below ``/staff/``, and those elsewhere that ask for a permission."""
    found = [
        StaffRoute(service.name, method, path, permission, _roles(service.permissions, permission))
        for context in iter_route_contexts(create_api(service).routes)
        for path, permission in [(str(context.path), _permission(getattr(context, "dependant", None)))]
        for method in context.methods or ()
        if method != "HEAD" and (path.startswith(STAFF_PREFIX) or permission is not None)
    ]
    return sorted(found, key=lambda route: (route.path, route.method))


def _roles(permissions: Permissions, permission: str | None) -> frozenset[str]:
    return permissions.roles_with(permission) if permission else frozenset()


def _permission(dependant: Dependant | None) -> str | None:
    asked = [call.permission for call in _calls(dependant) if isinstance(call, Permitted)]
    return asked[0] if asked else None


def _calls(dependant: Dependant | None) -> Iterator[object]:
    for dependency in dependant.dependencies if dependant else ():
        yield dependency.call
        yield from _calls(dependency)


def faults() -> list[str]:
    """What a route or a table of permissions must not be, one sentence each."""
    return [*route_faults(staff_routes()), *table_faults(services())]


def route_faults(routes: Iterable[StaffRoute]) -> Iterator[str]:
    for route in routes:
        if route.permission is None:
            yield f"{route}: a route of staff must ask for a permission"
        elif not route.roles:
            yield f"{route}: {route.service} has no permission {route.permission}"
        elif not route.path.startswith(STAFF_PREFIX):
            yield f"{route}: a route that asks for a permission belongs under {STAFF_PREFIX}"


def table_faults(built: Iterable[Service]) -> Iterator[str]:
    for service in built:
        for permission, roles in service.permissions.table.items():
            for role in sorted(roles - ROLES):
                yield f"{service.name}: {permission} is given to {role}, which is no role"
