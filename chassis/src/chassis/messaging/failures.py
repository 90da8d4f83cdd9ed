"""What kind of failure an exception is, and what may be said about it in a log or a header."""

import traceback
from pathlib import Path

import asyncpg
from sqlalchemy import exc

_REPEATABLE = {"40001", "40P01"}
"""Serialization failure and deadlock: the whole transaction may be tried again at once."""

_OUTAGE_CLASSES = ("08", "57P", "53")
"""Connection lost, server going down or starting, out of connections (PostgreSQL, appendix A)."""


def _sqlstate(error: BaseException) -> str:
    origin = error.orig if isinstance(error, exc.DBAPIError) else error
    return getattr(origin, "sqlstate", None) or ""


def is_repeatable(error: BaseException) -> bool:
    return _sqlstate(error) in _REPEATABLE


def is_outage(error: BaseException) -> bool:
    """The database cannot be reached now: the work is not at fault."""
    if isinstance(error, exc.DBAPIError) and error.connection_invalidated:
        return True
    if isinstance(error, OSError | exc.TimeoutError | asyncpg.InterfaceError):
        return True
    return _sqlstate(error).startswith(_OUTAGE_CLASSES)


def describe(error: BaseException) -> str:
    """The error's type and its place in the code; not its text, which may hold personal data."""
    kind = type(error).__name__
    if isinstance(error, exc.DBAPIError) and error.orig is not None and (state := _sqlstate(error)):
        kind = f"{kind} {state}"
    elif error.__cause__ is not None:
        kind = f"{kind} ({type(error.__cause__).__name__})"
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if "site-packages" not in frame.filename] or frames
    if not own:
        return kind
    path = Path(own[-1].filename)
    return f"{kind} at {path.parent.name}/{path.name}:{own[-1].lineno}"
