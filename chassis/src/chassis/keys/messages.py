"""Under which keys the sealed fields of a message are."""

import base64
from collections.abc import Collection

from chassis.crypto import key_name
from chassis.json import loads


def keys_in(message: bytes, names: Collection[str]) -> set[str]:
    """Those of ``names`` that something in the envelope ``message`` is sealed with."""
    payload = loads(message).get("payload", {})
    return {name for value in payload.values() if isinstance(value, str) and (name := _name(value)) in names}


def _name(value: str) -> str:
    try:
        return key_name(base64.b64decode(value, validate=True))
    except ValueError:
        return ""
