"""Making, rotating and dropping signing keys; safe in several processes at once."""

import secrets
from collections.abc import Sequence
from datetime import datetime

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import delete, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.logging import get_logger
from identity.tokens.domain import NOTICE, SIGNS_FOR, SigningKey, outlived, turns_due
from identity.tokens.tables import SigningKeyRow
from identity.vault import Vault

PLACE = "signing_keys.private_key"
KEYS_LOCK = 5_402_118
log = get_logger(__name__)


async def keys_of(session: AsyncSession, vault: Vault) -> Sequence[SigningKey]:
    rows = await session.scalars(select(SigningKeyRow).order_by(SigningKeyRow.signs_from))
    return [
        SigningKey(
            row.key_id,
            Ed25519PrivateKey.from_private_bytes(bytes.fromhex(vault.open(row.private_key, PLACE))),
            row.signs_from,
        )
        for row in rows
    ]


async def maintain(session: AsyncSession, vault: Vault, now: datetime) -> None:
    """Adds the keys that are due and drops those that no living token needs."""
    await _lock(session)
    turns = list(await session.scalars(select(SigningKeyRow.signs_from)))
    for turn in turns_due(turns, now):
        _add(session, vault, turn)
    await session.execute(delete(SigningKeyRow).where(SigningKeyRow.signs_from.in_(outlived(turns, now))))


async def rotate(session: AsyncSession, vault: Vault, now: datetime) -> None:
    """Replaces the signing key before its time: a new one takes its turn after ``NOTICE``."""
    await _lock(session)
    await session.execute(delete(SigningKeyRow).where(SigningKeyRow.signs_from > now + NOTICE))
    _add(session, vault, now + NOTICE)
    _add(session, vault, now + NOTICE + SIGNS_FOR)


async def _lock(session: AsyncSession) -> None:
    await session.execute(text(f"SELECT pg_advisory_xact_lock({KEYS_LOCK})"))


def _add(session: AsyncSession, vault: Vault, signs_from: datetime) -> None:
    key_id = secrets.token_urlsafe(12)
    private = Ed25519PrivateKey.generate().private_bytes_raw().hex()
    session.add(SigningKeyRow(key_id=key_id, private_key=vault.seal(private, PLACE), signs_from=signs_from))
    log.info("identity.signing_key.added", key_id=key_id, signs_from=signs_from.isoformat())
