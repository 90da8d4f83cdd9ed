"""What draws do by the clock: a worker takes what waits to be frozen or drawn."""

from functools import partial

from chassis.database import Database
from chassis.jobs import Job
from sales.context import Context
from sales.draws import holding


def drawing(database: Database, context: Context, every: float) -> Job:
    return Job("sales.draws", every, partial(holding.work, database, context))
