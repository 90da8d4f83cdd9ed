"""What the service takes in of others' books: statements, banks' lists, providers' days. Part of the root."""

from chassis.crypto import BlindIndex, Keyring
from chassis.imports import Importer
from chassis.jobs import Job
from chassis.messaging import Subscription
from events.identity import CustomerChanged, CustomerRegistered, CustomerReindexed
from payment.blocked import api as blocked
from payment.blocked.consumers import note_person
from payment.blocked.jobs import closer
from payment.blocked.service import bank_lists
from payment.checkout import Checkout
from payment.deposits import assigning_api as assigning
from payment.deposits import staff_api as deposits
from payment.deposits.returning import returner
from payment.deposits.service import statements
from payment.differences import staff_api as differences
from payment.differences.jobs import counter
from payment.reconciliation import staff_api as reconciliation
from payment.reconciliation.jobs import reconciler
from payment.reconciliation.service import reports

ROUTERS = (
    assigning.router,
    deposits.router,
    deposits.importing,
    blocked.router,
    blocked.staff_router,
    blocked.importing,
    reconciliation.router,
    reconciliation.importing,
    differences.router,
)


def importer(checkout: Checkout, keyring: Keyring, index: BlindIndex) -> Importer:
    """``keyring`` seals the parts of files while they wait."""
    kinds = (statements(checkout), bank_lists(index), reports())
    return Importer(checkout.database, keyring, checkout.clock, kinds)


def jobs(checkout: Checkout, importer: Importer) -> list[Job]:
    database, clock, settings = checkout.database, checkout.clock, checkout.settings
    return [
        *importer.jobs("payment"),
        returner(checkout),
        closer(database, clock, settings.blocked_lists_every),
        reconciler(checkout),
        counter(database, settings.differences_every),
    ]


def people() -> Subscription:
    """Who has which national code's index."""
    return Subscription(
        "payment.people",
        {
            CustomerRegistered: note_person,
            CustomerChanged: note_person,
            CustomerReindexed: note_person,
        },
    )
