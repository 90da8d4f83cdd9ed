"""The worker of a service: relay, consumers and jobs, apart from the requests they must not hurt."""

import asyncio
from datetime import UTC, datetime, timedelta

from chassis import idempotency
from chassis.jobs import Job, run_jobs
from chassis.messaging import Consumers, Relay, Transport, inbox, outbox
from chassis.service import Service

HOUR = 3600.0
INBOX_KEPT = timedelta(days=7)


async def run_worker(service: Service, transport: Transport, stop: asyncio.Event) -> None:
    """Runs until ``stop`` is set; messages and jobs in hand are finished first."""
    await asyncio.gather(
        Relay(service.database, transport).run(stop),
        Consumers(service.database, transport, service.subscriptions).run(stop),
        run_jobs(service.database, [*service.jobs, _housekeeping(service)], stop),
    )


def _housekeeping(service: Service) -> Job:
    async def run() -> None:
        async with service.database.transaction() as session:
            await inbox.forget(session, datetime.now(UTC) - INBOX_KEPT)
            await outbox.forget_expired(session)
            await idempotency.forget(session)

    return Job("chassis.housekeeping", HOUR, run)
