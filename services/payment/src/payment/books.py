"""What the service shows and checks of its own books. Part of the root."""

from chassis.jobs import Job
from payment.checkout import Checkout
from payment.ledger import api as ledger
from payment.ledger.jobs import checker, shower
from payment.payments import limits_api as card_limits
from payment.standing import api as standing

ROUTERS = (
    ledger.router,
    ledger.staff_router,
    card_limits.router,
    standing.router,
)


def jobs(checkout: Checkout) -> list[Job]:
    return [
        checker(checkout.database, checkout.clock, checkout.settings.ledger_check_every),
        shower(checkout.database),
    ]
