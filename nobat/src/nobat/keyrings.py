"""The keyrings of a system: their files, and what each service's database says of them."""

import json
import os
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import Table
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession

import identity.app
import identity.schema
import notify.app
import notify.schema
import payment.app
import payment.schema
import sales.app
import sales.schema
from chassis.database import Database
from chassis.keys import holders
from chassis.keys.columns import SealedTable, indexed_tables, sealed_tables
from chassis.keys.files import KeyFile
from chassis.keys.followed import FILE
from chassis.keys.holders import Holder
from nobat.backends import DATABASES
from nobat.refusal import Refusal
from nobat.secret_store import open_secrets


class CannotReach(Refusal):
    """A key file or a database is not known or does not answer."""


@dataclass(frozen=True)
class Ring:
    """``keyring`` is what the processes of ``services`` call it; ``secret`` is the setting that names it.

    What is under its keys is in sealed ``tables``, in ``indexed`` ones (by service), or else in messages.
    """

    name: str
    keyring: str
    secret: str
    services: tuple[str, ...]
    tables: Sequence[SealedTable] = ()
    indexed: Mapping[str, Sequence[Table]] = field(default_factory=dict)
    settle: float = 60
    """Seconds for which all must have sealed with the new key before the old one is given up: longer than
    a request (or, of events, a message with all its tries) takes."""

    @property
    def in_messages(self) -> bool:
        return not self.tables and not self.indexed


# The applications are imported above because they import every table.
RINGS = {
    ring.name: ring
    for ring in (
        Ring(
            "identity-data",
            "data",
            "IDENTITY_DATA_KEYS",
            ("identity",),
            sealed_tables(identity.schema.Base.metadata),
        ),
        Ring(
            "notify-data", "data", "NOTIFY_DATA_KEYS", ("notify",), sealed_tables(notify.schema.Base.metadata)
        ),
        Ring("sales-data", "data", "SALES_DATA_KEYS", ("sales",), sealed_tables(sales.schema.Base.metadata)),
        Ring(
            "payment-data",
            "data",
            "PAYMENT_DATA_KEYS",
            ("payment",),
            sealed_tables(payment.schema.Base.metadata),
        ),
        Ring(
            "index",
            "index",
            "INDEX_KEY",
            ("identity", "payment", "sales"),
            indexed={
                "identity": indexed_tables(identity.schema.Base.metadata),
                "payment": indexed_tables(payment.schema.Base.metadata),
                "sales": indexed_tables(sales.schema.Base.metadata),
            },
        ),
        Ring("events", "events", "EVENT_KEYS", ("identity", "notify", "payment"), settle=3600),
    )
}


class KeyPlaces:
    """Where the keys and the databases of the system in ``home`` are.

    Variables of the environment go before it: ``EVENT_KEYS=file:/...``, ``IDENTITY_DATABASE_URL``.
    """

    def __init__(self, home: Path) -> None:
        self._home = home

    def file(self, ring: Ring) -> KeyFile:
        place = self.secret(ring.secret)
        if not place.startswith(FILE):
            raise CannotReach(f"{ring.secret} holds keys; only those in a file (file:/...) can be changed")
        return KeyFile(Path(place.removeprefix(FILE)))

    def secret(self, name: str) -> str:
        if given := os.environ.get(name):
            return given
        if not (self._home / DATABASES).exists():
            raise CannotReach(f"no system has run here; set {name}")
        return open_secrets(self._home)[name]

    @asynccontextmanager
    async def database(self, service: str) -> AsyncIterator[AsyncSession]:
        """A transaction in the service's database; raises ``CannotReach`` when it does not answer."""
        database = Database(self.database_url(service), pool_size=1)
        try:
            async with database.transaction() as session:
                yield session
        except (OSError, SQLAlchemyError) as error:
            raise CannotReach(f"the database of {service} does not answer: {error}") from None
        finally:
            await database.close()

    def database_url(self, service: str) -> str:
        if given := os.environ.get(f"{service.upper()}_DATABASE_URL"):
            return given
        file = self._home / DATABASES
        known: dict[str, str] = json.loads(file.read_text()) if file.exists() else {}
        if service not in known:
            raise CannotReach(f"name the database with {service.upper()}_DATABASE_URL")
        return known[service]

    async def holders(self, ring: Ring) -> list[Holder]:
        """The living processes that have the keyring."""
        found: list[Holder] = []
        for service in ring.services:
            async with self.database(service) as session:
                found += await holders.living(session, ring.keyring)
        return found
