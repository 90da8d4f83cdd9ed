"""PostgreSQL: engine, transactions, tables and migrations."""

from chassis.database.conflicts import is_conflict, retry_conflicts
from chassis.database.engine import Database
from chassis.database.migrations import migrate
from chassis.database.types import UtcDateTime

__all__ = ["Database", "UtcDateTime", "is_conflict", "migrate", "retry_conflicts"]
