"""The signing keys of this process, read from the database now and then."""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from chassis.clock import Clock
from chassis.database import Database
from identity.tokens import service
from identity.tokens.domain import SigningKey, signer_at
from identity.vault import Vault

FRESH = timedelta(seconds=60)
"""Far shorter than the notice a new key gets, so that no process meets a key it does not know."""


class KeyStore:
    """A ``KeySource`` for identity itself; makes the first keys when there are none."""

    def __init__(self, database: Database, vault: Vault, clock: Clock) -> None:
        self._database = database
        self._vault = vault
        self._clock = clock
        self._keys: Sequence[SigningKey] = ()
        self._read_at: datetime | None = None
        self._reading = asyncio.Lock()

    async def find(self, key_id: str) -> Ed25519PublicKey | None:
        return next((key.public for key in await self.keys() if key.key_id == key_id), None)

    async def signing(self) -> SigningKey:
        key = signer_at(await self.keys(), self._clock())
        if key is None:
            raise LookupError("no signing key has its turn")
        return key

    async def keys(self) -> Sequence[SigningKey]:
        async with self._reading:
            if self._stale():
                await self._read()
        return self._keys

    def _stale(self) -> bool:
        return self._read_at is None or self._clock() - self._read_at > FRESH

    async def _read(self) -> None:
        now = self._clock()
        async with self._database.transaction() as session:
            keys = await service.keys_of(session, self._vault)
        if signer_at(keys, now) is None:
            async with self._database.transaction() as session:
                await service.maintain(session, self._vault, now)
                keys = await service.keys_of(session, self._vault)
        self._keys, self._read_at = keys, now
