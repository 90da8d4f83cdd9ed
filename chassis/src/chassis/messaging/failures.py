"""What may be said about an exception in a log or a header."""

import traceback
from pathlib import Path

from sqlalchemy import exc

from chassis.database.failures import sqlstate


def describe(error: BaseException) -> str:
    """The error's type and its place in the code; not its text, which may hold personal data."""
    kind = type(error).__name__
    if isinstance(error, exc.DBAPIError) and error.orig is not None and (state := sqlstate(error)):
        kind = f"{kind} {state}"
    elif error.__cause__ is not None:
        kind = f"{kind} ({type(error.__cause__).__name__})"
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if "site-packages" not in frame.filename] or frames
    if not own:
        return kind
    path = Path(own[-1].filename)
    return f"{kind} at {path.parent.name}/{path.name}:{own[-1].lineno}"
