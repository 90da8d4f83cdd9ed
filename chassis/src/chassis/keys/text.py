"""Keys as text: base64 of 32 bytes, in a keyring with their names."""

import base64
import re
import secrets
from collections.abc import Mapping

KEY_BYTES = 32
FIRST_NAME = "k1"


def parse_keys(text: str) -> dict[str, bytes]:
    """``name:base64,name:base64`` in its order; raises ``ValueError`` when a name comes twice."""
    named = [part.partition(":") for part in text.split(",") if part]
    keys = {name.strip(): decode_key(value) for name, _, value in named}
    if len(keys) != len(named):
        raise ValueError("two keys have the same name")
    return keys


def format_keys(keys: Mapping[str, bytes]) -> str:
    """A key a line, as ``parse_keys`` takes them when the lines are joined by commas."""
    return "".join(f"{name}:{base64.b64encode(key).decode()}\n" for name, key in keys.items())


def decode_key(text: str) -> bytes:
    key = base64.b64decode(text, validate=True)
    if len(key) != KEY_BYTES:
        raise ValueError(f"a key has {KEY_BYTES} bytes")
    return key


def new_key() -> str:
    return base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode()


def named(keys: str) -> str:
    """A key that was alone and had no name is the first of its ring."""
    return keys if ":" in keys else f"{FIRST_NAME}:{keys}"


def key_number(name: str) -> int:
    """Keys are numbered: the highest is the newest."""
    digits = re.search(r"\d+$", name)
    return int(digits[0]) if digits else 0
