"""PostgreSQL: engine, transactions, tables and migrations."""

from chassis.database.engine import Database
from chassis.database.migrations import migrate
from chassis.database.types import UtcDateTime

__all__ = ["Database", "UtcDateTime", "migrate"]
