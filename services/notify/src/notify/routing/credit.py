"""What is left at the providers, for those who are to be woken."""

from collections.abc import Mapping
from dataclasses import dataclass

from prometheus_client import Gauge

from chassis.clock import Clock
from chassis.database import Database
from chassis.jobs import Job
from chassis.logging import get_logger
from notify.providers.port import SmsProvider, StatusUnavailable
from notify.routing import queries, service

CREDIT = Gauge("sms_credit", "What is left at a provider, in the unit in which it counts.", ["provider"])
FLOOR = Gauge("sms_credit_floor", "How little credit alarms.", ["provider"])

log = get_logger(__name__)


@dataclass(frozen=True)
class CreditWatch:
    """Asks every provider that is connected."""

    database: Database
    providers: Mapping[str, SmsProvider]
    clock: Clock

    def job(self, every: float) -> Job:
        return Job("notify.sms_credit", every, self.run, exclusive=False)

    async def run(self) -> None:
        """Every worker asks and says it, so that it does not end with one of them."""
        for provider in self.providers.values():
            try:
                credit = await provider.credit()
            except StatusUnavailable as error:
                log.warning("notify.sms_credit.unavailable", provider=provider.name, reason=str(error))
                continue
            CREDIT.labels(provider.name).set(credit)
            async with self.database.transaction() as session:
                await service.note_credit(session, provider.name, credit, self.clock())
        async with self.database.transaction() as session:
            for account in await queries.accounts(session):
                if account.name in self.providers:
                    FLOOR.labels(account.name).set(account.credit_floor)
