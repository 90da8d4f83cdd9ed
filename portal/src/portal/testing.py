"""What the API answers to a login, as tests have it say."""

import base64
import json
from collections.abc import Iterable
from typing import Any

PAIR = {"token_type": "Bearer", "expires_in": 600}
SECRET = "hunter2-is-long-enough"
ME, COLLEAGUE = "019a0000-0000-7000-8000-000000000007", "019a0000-0000-7000-8000-000000000008"
"""Who is logged in, and somebody else who works here."""
AT = "2026-06-01T08:00:00Z"
LOGIN = {"national_code": "0499370899", "password": SECRET}


def token(**claims: object) -> str:
    """An access token that nobody signed: the portal only reads it."""
    body = base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")
    return f"e30.{body}.x"


def changed(asked: Iterable[Any]) -> list[tuple[str, str, Any]]:
    """What of ``asked`` was no looking: method, path behind ``/api/v1`` and body."""
    told = (one for one in asked if one.method != "GET")
    return [(one.method, one.path.removeprefix("/api/v1"), one.body) for one in told]
