"""Writes each keyring of the environment to its file in the folder it is told, unless it is there already.

From then on the file counts: the processes follow it, and `nobat keys` changes it.
"""

import os
import sys
from pathlib import Path

from chassis.keys.files import KeyFile
from chassis.keys.text import named, parse_keys
from nobat.secret_store import KEYRINGS

FILE = "keyring"


def folder_of(secret: str) -> str:
    """``events`` for ``EVENT_KEYS``, ``sales`` for ``SALES_DATA_KEYS``: who may read the one reads it all."""
    return {"EVENT_KEYS": "events", "INDEX_KEY": "index"}.get(
        secret, secret.removesuffix("_DATA_KEYS").lower()
    )


for secret in KEYRINGS:
    file = Path(sys.argv[1], folder_of(secret), FILE)
    if not file.exists():
        file.parent.mkdir(exist_ok=True)
        KeyFile(file).write(parse_keys(named(os.environ[secret])))
