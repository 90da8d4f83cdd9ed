"""The roles that the desk's pages go by are those of the services."""

import re

from portal.pages.desk.rights import ROLES

ROW = re.compile(r"^\| `\S+ \S+` \| `([a-z_.]+)` \|(.*)\|$", re.MULTILINE)
HEAD = re.compile(r"^\| route \| permission \|(.*)\|$", re.MULTILINE)


def cells(row: str) -> list[str]:
    return [cell.strip() for cell in row.split("|")]


def test_pages_know_who_has_a_permission_as_the_services_do(pytestconfig) -> None:
    written = (pytestconfig.rootpath / "docs/permissions.md").read_text()
    roles = cells(HEAD.findall(written)[0])
    said = {
        permission: {role for role, cell in zip(roles, cells(row), strict=True) if cell == "yes"}
        for permission, row in ROW.findall(written)
    }
    known = {permission: set(names.split()) for permission, names in ROLES.items()}
    assert known == {permission: said.get(permission) for permission in known}
