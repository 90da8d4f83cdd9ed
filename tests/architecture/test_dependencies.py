"""Libraries whose older versions let somebody in are not to be had by accident."""

import tomllib

import pytest
from packaging.requirements import Requirement
from packaging.version import Version

FLOORS = {
    "pyjwt": (Version("2.15"), "CVE-2026-48523, CVE-2026-102272 to 102275"),
    "starlette": (Version("1.3.1"), "CVE-2025-62727, CVE-2025-54121, CVE-2026-48710"),
}
"""The oldest version that may be locked, and what older ones are open to."""
REFUSED = {
    "python-jose": "confuses algorithms (CVE-2024-33663)",
    "jose": "has no maintainer",
    "fastapi-users": "is in maintenance only",
}


@pytest.fixture(scope="module")
def locked(root) -> dict[str, Version]:
    lock = tomllib.loads((root / "uv.lock").read_text())
    return {package["name"]: Version(package["version"]) for package in lock["package"]}


@pytest.fixture(scope="module")
def required(root) -> dict[str, list[Requirement]]:
    """What the members ask for, by name."""
    found: dict[str, list[Requirement]] = {}
    for file in root.glob("**/pyproject.toml"):
        if ".venv" not in file.parts:
            for line in tomllib.loads(file.read_text())["project"].get("dependencies", []):
                requirement = Requirement(line)
                found.setdefault(requirement.name.lower(), []).append(requirement)
    return found


@pytest.mark.parametrize("name", FLOORS)
def test_the_locked_version_is_not_older_than_its_floor(locked, name):
    floor, holes = FLOORS[name]
    assert locked[name] >= floor, holes


@pytest.mark.parametrize("name", FLOORS)
def test_no_member_would_take_an_older_one(required, name):
    floor, holes = FLOORS[name]
    assert required[name]
    for requirement in required[name]:
        bounds = [Version(one.version) for one in requirement.specifier if one.operator in {">=", "~=", "=="}]
        assert bounds, f"{requirement} has no floor: {holes}"
        assert max(bounds) >= floor, holes


def test_libraries_that_are_not_kept_up_are_not_used(locked):
    assert locked
    assert REFUSED.keys() & locked.keys() == set()
