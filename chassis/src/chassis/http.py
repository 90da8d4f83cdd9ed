"""The client for outgoing HTTP: bounded in time, follows no redirect."""

from datetime import timedelta

from pyreqwest.client import Client, ClientBuilder


def new_client(*, timeout: float, connect_timeout: float = 2, max_connections: int | None = None) -> Client:
    """A pooled client; both time-outs in seconds. Close it, or use it as an async context."""
    return (
        ClientBuilder()
        .timeout(timedelta(seconds=timeout))
        .connect_timeout(timedelta(seconds=connect_timeout))
        .max_connections(max_connections)
        .follow_redirects(False)
        .referer(False)
        .http1_only()
        .no_proxy()
        .build()
    )
