"""What a failed request says about the message in it."""

from pyreqwest.exceptions import DetailedPyreqwestError, PyreqwestError

NO_CONNECTION = "client error (Connect)"


def never_left(error: PyreqwestError) -> bool:
    """True when there was no connection to send the request over, so that nobody can have it.

    The classes of the client's errors do not tell: a time-out while waiting for the answer is a
    ``ConnectTimeoutError`` too, and a connection cut after the request a ``ConnectError``. The cause does.
    """
    if not isinstance(error, DetailedPyreqwestError):
        return False
    causes = (error.details or {}).get("causes") or []
    return any(cause["message"] == NO_CONNECTION for cause in causes)
