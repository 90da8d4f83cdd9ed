"""Roles and the dealership of somebody, as a form asks for them."""

from typing import Any

from portal.forms import Form
from portal.visit import Visit


async def dealerships(visit: Visit, bound_to: str | None = None) -> list[tuple[str, str]]:
    """For a field to choose from: those in the public directory, and the one that somebody is bound to."""
    found = (await visit.get("/dealerships"))["items"]
    named = {one["dealership_id"]: f"{one['name']}، {one['city']}" for one in found}
    return list((({bound_to: bound_to} if bound_to else {}) | named).items())


def wanted_roles(form: Form) -> dict[str, Any]:
    return {"roles": form.all_of("roles"), "dealership_id": form["dealership_id"] or None}
