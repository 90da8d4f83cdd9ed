"""The secrets of one installation: made once, kept in a file that only its owner can read.

A variable of the same name in the environment goes before the file. Keyrings have a file each, in the
folder ``keys``, which running processes follow; the secret is then where it is (``file:/...``).
"""

import base64
import hashlib
import hmac
import os
import secrets
import uuid
from collections.abc import Callable, Mapping
from pathlib import Path

from chassis.keys.files import KeyFile
from chassis.keys.text import FIRST_NAME, named, parse_keys
from nobat.servers.runtime import write_secret

KEY_BYTES = 32
TRIPLE_DES_BYTES = 24


def _key() -> str:
    return base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode()


def _triple_des_key() -> str:
    return base64.b64encode(secrets.token_bytes(TRIPLE_DES_BYTES)).decode()


def _keyring() -> str:
    return f"{FIRST_NAME}:{_key()}"


def _token() -> str:
    return secrets.token_urlsafe(24)


MAKERS: Mapping[str, Callable[[], str]] = {
    "EVENT_KEYS": _keyring,
    "INDEX_KEY": _keyring,
    "IDENTITY_DATA_KEYS": _keyring,
    "IDENTITY_CODE_KEY": _key,
    "NOTIFY_DATA_KEYS": _keyring,
    "SALES_DATA_KEYS": _keyring,
    "PAYMENT_DATA_KEYS": _keyring,
    "ACCOUNTS_KEY": _key,
    "ZARINPAL_MERCHANT_ID": lambda: str(uuid.uuid4()),
    "ZARINPAL_REFUND_TOKEN": _token,
    "ZIBAL_MERCHANT": _token,
    "MELLAT_PASSWORD": _token,
    "SADAD_TERMINAL_KEY": _triple_des_key,
    "KAVENEGAR_API_KEY": _token,
    "SMSIR_API_KEY": _token,
    "GHASEDAK_API_KEY": _token,
    "MELIPAYAMAK_PASSWORD": _token,
    "IPPANEL_API_KEY": _token,
    "FINNOTECH_CLIENT_SECRET": _token,
    "JIBIT_API_KEY": _token,
    "JIBIT_SECRET_KEY": _token,
    "ZOHAL_TOKEN": _token,
    "PORTAL_KEY": _token,
    "PORTAL_SESSION_KEYS": _keyring,
    "DEMO_PASSWORD": lambda: f"Nobat-{secrets.token_hex(4)}",
}
"""Every secret by its name. ``ACCOUNTS_KEY`` is what the passwords at the servers are derived from."""
KEYRINGS = (
    "EVENT_KEYS",
    "INDEX_KEY",
    "IDENTITY_DATA_KEYS",
    "NOTIFY_DATA_KEYS",
    "SALES_DATA_KEYS",
    "PAYMENT_DATA_KEYS",
)


class Secrets:
    """``secrets["INDEX_KEY"]``; ``password("sales")`` is that of an account at a private server."""

    def __init__(self, values: Mapping[str, str]) -> None:
        self._values = values

    def __getitem__(self, name: str) -> str:
        return self._values[name]

    def password(self, account: str) -> str:
        key = self._values["ACCOUNTS_KEY"].encode()
        return hmac.new(key, account.encode(), hashlib.sha256).hexdigest()[:40]


def open_secrets(folder: Path) -> Secrets:
    """Those of ``folder``, completed by what is missing and overridden by the environment."""
    file = folder / "secrets.env"
    kept = _read(file)
    rings = {name: _key_file(folder.resolve() / "keys" / name, kept.get(name)) for name in KEYRINGS}
    made = {name: make() for name, make in MAKERS.items() if name not in kept and name not in rings}
    complete = {name: value for name, value in kept.items() if name not in rings} | made
    if complete != kept:
        write_secret(file, "".join(f"{name}={value}\n" for name, value in complete.items()))
    return Secrets({name: os.environ.get(name) or (complete | rings)[name] for name in MAKERS})


def _key_file(path: Path, keys: str | None) -> str:
    """Makes the file where it is missing, with ``keys`` or a new one."""
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        KeyFile(path).write(parse_keys(named(keys or _keyring())))
    return f"file:{path}"


def _read(file: Path) -> dict[str, str]:
    if not file.exists():
        return {}
    pairs = (line.partition("=") for line in file.read_text().splitlines())
    return {name: value for name, _, value in pairs}
