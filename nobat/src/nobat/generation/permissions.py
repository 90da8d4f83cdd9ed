"""``docs/permissions.md``: role x permission x route, as the services' tables say."""

from collections.abc import Iterator
from pathlib import Path
from typing import get_args

from identity.staff.domain import StaffRole
from nobat.generation.services import services
from nobat.generation.staff_routes import StaffRoute, routes_of

PAGE = Path("docs/permissions.md")
ALLOWED = "yes"
HEAD = """\
# Permissions

Written by `nobat generate` from each service's `permissions.py` and its routes. What is not allowed here is
refused with 403; a route of staff that asks for no permission does not pass `make check`.
"""
COLUMNS: tuple[str, ...] = get_args(StaffRole)


def files() -> dict[Path, str]:
    return {PAGE: "\n".join([HEAD, *_sections()]).rstrip() + "\n"}


def _sections() -> Iterator[str]:
    for service in services():
        if service.permissions.table:
            yield f"## {service.name}\n"
            yield _line("route", "permission", *COLUMNS)
            yield _line("---", "---", *(":-:" for _ in COLUMNS))
            yield from map(_row, routes_of(service))
            yield ""


def _row(route: StaffRoute) -> str:
    permission = f"`{route.permission}`" if route.permission else "none"
    return _line(f"`{route}`", permission, *(ALLOWED if role in route.roles else "" for role in COLUMNS))


def _line(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"
