"""What every use case needs that speaks to a provider between two transactions."""

from dataclasses import dataclass
from datetime import timedelta

from chassis.clock import Clock
from chassis.crypto import Keyring
from chassis.database import Database
from payment.config import Settings
from payment.providers.registry import Providers


@dataclass(frozen=True)
class Checkout:
    database: Database
    providers: Providers
    clock: Clock
    settings: Settings
    keyring: Keyring

    def lease(self, calls: int) -> timedelta:
        """How long somebody who makes so many calls of a provider has the payment for himself."""
        return timedelta(seconds=calls * self.settings.provider_timeout + 5)
