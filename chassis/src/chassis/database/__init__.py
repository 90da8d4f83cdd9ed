"""PostgreSQL: engine, transactions, tables and migrations."""

from chassis.database.conflicts import retry_conflicts
from chassis.database.engine import ASYNCHRONOUS_COMMIT, RECORDED, Database
from chassis.database.failures import is_conflict, is_outage
from chassis.database.migrations import migrate
from chassis.database.types import UtcDateTime

__all__ = [
    "ASYNCHRONOUS_COMMIT",
    "RECORDED",
    "Database",
    "UtcDateTime",
    "is_conflict",
    "is_outage",
    "migrate",
    "retry_conflicts",
]
