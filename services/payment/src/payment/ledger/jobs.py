"""The balance check, and what it found as metrics."""

from prometheus_client import Gauge
from uuid_utils.compat import uuid7

from chassis.clock import Clock
from chassis.database import Database
from chassis.jobs import Job
from chassis.logging import get_logger
from payment.ledger import queries
from payment.ledger.queries import Balance
from payment.ledger.tables import LedgerCheck

SHOWN_EVERY = 30

DIFFERENCE = Gauge("payment_ledger_difference_rial", "The sum of all postings, which must be 0")
BILLS_DIFFERENCE = Gauge("payment_ledger_bills_difference_rial", "Paid bills less the ledger's, must be 0")
UNBALANCED = Gauge("payment_ledger_unbalanced_entries", "Entries that do not sum to 0, at most 200 counted")
POSTINGS = Gauge("payment_ledger_postings", "Postings in the ledger")
CHECKED_AT = Gauge("payment_ledger_checked_timestamp_seconds", "When the ledger was last checked")

log = get_logger(__name__)


def checker(database: Database, clock: Clock, every: float) -> Job:
    """One worker reads the whole ledger; safe to do twice."""

    async def run() -> None:
        async with database.transaction() as session:
            balance = await queries.balance_check(session)
        async with database.transaction() as session:
            session.add(written(balance, clock))
        if not balance.is_kept:
            log.error("payment.ledger.unbalanced", entries=[str(entry) for entry in balance.unbalanced])

    return Job("payment.ledger_check", every, run)


def written(balance: Balance, clock: Clock) -> LedgerCheck:
    return LedgerCheck(
        id=uuid7(),
        checked_at=clock(),
        kept=balance.is_kept,
        postings=balance.postings,
        unbalanced=len(balance.unbalanced),
        difference=balance.difference,
        bills_difference=balance.bills_difference,
        accounts=dict(balance.accounts),
    )


def shower(database: Database) -> Job:
    """Every worker shows what the last check found, whoever made it."""

    async def run() -> None:
        async with database.transaction() as session:
            found = await queries.latest_check(session)
        if found is not None:
            show(found)

    return Job("payment.ledger_metrics", SHOWN_EVERY, run, exclusive=False)


def show(found: LedgerCheck) -> None:
    DIFFERENCE.set(found.difference)
    BILLS_DIFFERENCE.set(found.bills_difference)
    UNBALANCED.set(found.unbalanced)
    POSTINGS.set(found.postings)
    CHECKED_AT.set(found.checked_at.timestamp())
