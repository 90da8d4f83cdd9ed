"""The client for outgoing HTTP: bounded in time, follows no redirect."""

from datetime import timedelta

from pyreqwest.client import Client, ClientBuilder
from pyreqwest.exceptions import DetailedPyreqwestError

IDLE_SECONDS = 30
"""Less than the 75 s after which our servers close, so that a request meets no closing connection."""

NO_CONNECTION = "client error (Connect)"


def new_client(*, timeout: float, connect_timeout: float = 2, max_connections: int | None = None) -> Client:
    """A pooled client; both time-outs in seconds. Close it, or use it as an async context."""
    return (
        ClientBuilder()
        .timeout(timedelta(seconds=timeout))
        .connect_timeout(timedelta(seconds=connect_timeout))
        .pool_idle_timeout(timedelta(seconds=IDLE_SECONDS))
        .max_connections(max_connections)
        .follow_redirects(False)
        .referer(False)
        .http1_only()
        .no_proxy()
        .build()
    )


def never_left(error: BaseException) -> bool:
    """True when there was no connection to send the request over, so that nobody can have it.

    The classes of the client's errors do not tell: a time-out while waiting for the answer is a
    ``ConnectTimeoutError`` too, and a connection cut after the request a ``ConnectError``. The cause does.
    """
    if not isinstance(error, DetailedPyreqwestError):
        return False
    causes = (error.details or {}).get("causes") or []
    return any(cause["message"] == NO_CONNECTION for cause in causes)
