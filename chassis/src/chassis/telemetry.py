"""Correlation id and W3C trace context of the work in hand; both travel through HTTP, outbox and AMQP.

Source: W3C Trace Context, level 1.
"""

import re
import secrets
from contextvars import ContextVar

correlation_id: ContextVar[str] = ContextVar("correlation_id", default="")
traceparent: ContextVar[str | None] = ContextVar("traceparent", default=None)

_TRACEPARENT = re.compile(r"00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}")
_CORRELATION = re.compile(r"[A-Za-z0-9._-]{8,64}")


def new_traceparent() -> str:
    return f"00-{secrets.token_hex(16)}-{secrets.token_hex(8)}-01"


def child_of(parent: str | None) -> str:
    """A span of the same trace as ``parent``; of a new trace when that is missing or malformed."""
    if parent is None or not _TRACEPARENT.fullmatch(parent):
        return new_traceparent()
    return f"{parent[:36]}{secrets.token_hex(8)}{parent[52:]}"


def trace_id(parent: str) -> str:
    return parent[3:35]


def accepted_correlation_id(offered: str | None, parent: str) -> str:
    """The caller's correlation id if it is well formed, the trace id otherwise."""
    if offered is not None and _CORRELATION.fullmatch(offered):
        return offered
    return trace_id(parent)
