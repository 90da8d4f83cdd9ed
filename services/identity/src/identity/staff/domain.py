"""Who works here, and what two pairs of eyes are needed for."""

from collections.abc import Collection
from datetime import timedelta
from typing import Literal, get_args

from chassis.errors import Problem

StaffRole = Literal["manager", "operator", "dealer", "care", "finance", "auditor", "admin"]
ROLES: frozenset[str] = frozenset(get_args(StaffRole))
ADMIN, DEALER = "admin", "dealer"

Decision = Literal["confirmed", "refused", "replaced"]
PROPOSAL_LIFETIME = timedelta(days=7)


def needs_four_eyes(before: Collection[str], after: Collection[str]) -> bool:
    """Who becomes an admin can do everything to everybody's roles, so one admin alone makes none."""
    return ADMIN in after and ADMIN not in before


class OwnRoles(Problem):
    status = 403
    code = "own_roles"
    fa = "کسی نقش‌های خودش را تغییر نمی‌دهد."
    en = "Nobody changes their own roles."


class LastAdmin(Problem):
    status = 409
    code = "last_admin"
    fa = "دست‌کم یک مدیر سامانه باید بماند."
    en = "At least one admin has to remain."


class DealershipWithoutDealer(Problem):
    status = 422
    code = "dealership_without_dealer"
    fa = "تنها نماینده به نمایندگی پیوند می‌خورد."
    en = "Only a dealer is bound to a dealership."


def checked_dealership(roles: Collection[str], given: object) -> None:
    """Raises ``DealershipWithoutDealer``."""
    if given is not None and DEALER not in roles:
        raise DealershipWithoutDealer
