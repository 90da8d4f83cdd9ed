"""Personal data is sealed and indexed again when a key changes."""

from chassis.database import Database
from chassis.jobs import Job
from chassis.keys.columns import sealed_tables
from chassis.keys.reencryption import EVERY_SECONDS, Reencryption
from identity.context import Context
from identity.keys.reindexing import Reindexing
from identity.schema import Base


def reencrypting(database: Database, context: Context) -> Job:
    """Every sealed column of every table that the service has when the job is made."""
    tables = sealed_tables(Base.metadata)
    return Reencryption(database, context.vault.data, tables).job("identity")


def reindexing(database: Database, context: Context) -> Job:
    """Every column that is looked up."""
    return Job("identity.reindexing", EVERY_SECONDS, Reindexing(database, context).run)
