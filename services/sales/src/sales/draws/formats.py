"""The bytes that a draw publishes and hashes; ``docs/draws.md`` describes them for everybody.

Digests are SHA-256. Numbers of classes and offerings count from 1, in the order of the rules.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

FORMAT = "nobat-draw-1"
ENTRY_TAG = b"nobat.draw.entry.v1\x00"
SEED_TAG = b"nobat.draw.seed.v1\x00"
SALT_BYTES = 16
SECRET_BYTES = 32


def canonical(document: Mapping[str, Any]) -> bytes:
    """JSON with sorted keys, without blanks, in UTF-8, ended by a line feed."""
    text = json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.encode() + b"\n"


def digest(content: bytes) -> str:
    """64 hex digits."""
    return hashlib.sha256(content).hexdigest()


def entry_code(plan_id: UUID, salt: bytes) -> bytes:
    """32 bytes: the pseudonym under which an entry is published; its salt proves whose it is."""
    return hashlib.sha256(ENTRY_TAG + plan_id.bytes + salt).digest()


def seed_of(commitment_sha256: str, secret: bytes, reveals: Iterable[bytes], values: Iterable[str]) -> bytes:
    """32 bytes of the commitment, the operator's secret, the witnesses' reveals and the sources' values.

    Each part goes in after its length (8 bytes, big-endian), so that no two lists of parts agree.
    """
    parts = [bytes.fromhex(commitment_sha256), secret, *reveals, *(value.encode() for value in values)]
    mixed = hashlib.sha256(SEED_TAG)
    for part in parts:
        mixed.update(len(part).to_bytes(8, "big") + part)
    return mixed.digest()
