"""What a database error says: a conflict to run again, an outage to wait for, or a fault of ours.

Source: PostgreSQL, appendix A, and "Serialization Failure Handling".
"""

import asyncpg
from sqlalchemy import exc

CONFLICTS = frozenset({"40001", "40P01"})
"""Serialization failure and deadlock: they concern the whole transaction, which may run again at once."""

OUTAGE_CLASSES = ("08", "57P", "53")
"""Connection lost, server going down or starting, out of connections."""


def sqlstate(error: BaseException) -> str:
    """Five characters, empty when the error has none."""
    origin = error.orig if isinstance(error, exc.DBAPIError) else error
    return getattr(origin, "sqlstate", None) or ""


def is_conflict(error: BaseException) -> bool:
    return sqlstate(error) in CONFLICTS


def is_outage(error: BaseException) -> bool:
    """The database cannot be reached now: the work is not at fault."""
    if isinstance(error, exc.DBAPIError) and (error.connection_invalidated or _fell_silent(error.orig)):
        return True
    if isinstance(error, OSError | exc.TimeoutError | asyncpg.InterfaceError):
        return True
    return sqlstate(error).startswith(OUTAGE_CLASSES)


def _fell_silent(origin: BaseException | None) -> bool:
    """What the driver says between the server's last word and the end of the connection."""
    return isinstance(getattr(origin, "__cause__", None), asyncpg.InternalClientError)
