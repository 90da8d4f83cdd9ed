"""Personal data is sealed again when its key changes."""

from chassis.database import Database
from chassis.jobs import Job
from chassis.keys.columns import sealed_tables
from chassis.keys.reencryption import Reencryption
from identity.context import Context
from identity.schema import Base


def reencrypting(database: Database, context: Context) -> Job:
    """Every sealed column of every table that the service has when the job is made."""
    tables = sealed_tables(Base.metadata)
    return Reencryption(database, context.vault.keyrings["data"], tables).job("identity")
