"""Who works here."""

from typing import Literal, get_args

StaffRole = Literal["manager", "operator", "dealer", "care", "finance", "auditor", "admin"]
ROLES: frozenset[str] = frozenset(get_args(StaffRole))
