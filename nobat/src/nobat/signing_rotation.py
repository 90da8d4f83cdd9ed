"""Asking identity's signing keys to take turns before their time."""

from datetime import datetime

from chassis.clock import system_clock
from identity.config import Settings
from identity.tokens import service
from identity.tokens.domain import NOTICE
from identity.vault import Vault
from nobat.keyrings import KeyPlaces
from nobat.parts import PARTS

SECRETS = {
    "DATA_KEYS": "IDENTITY_DATA_KEYS",
    "EVENT_KEYS": "EVENT_KEYS",
    "INDEX_KEY": "INDEX_KEY",
    "CODE_KEY": "IDENTITY_CODE_KEY",
}


async def rotate_signing_key(places: KeyPlaces) -> datetime:
    """When the new key begins to sign; until then it is only published."""
    now = system_clock()
    async with places.database("identity") as session:
        await service.rotate(session, _vault(places), now)
    return now + NOTICE


def _vault(places: KeyPlaces) -> Vault:
    told = {setting: places.secret(name) for setting, name in SECRETS.items()}
    unused = {"DATABASE_URL": places.database_url("identity"), "AMQP_URL": ""}
    settings = PARTS["identity"].settings_of({**unused, **told})
    assert isinstance(settings, Settings)
    return Vault.of(settings)
