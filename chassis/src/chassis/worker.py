"""The worker of a service: relay, consumers and jobs, apart from the requests they must not hurt."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from chassis import idempotency
from chassis.audit.linking import linking
from chassis.jobs import Job, run_jobs
from chassis.messaging import Consumers, Relay, Transport, inbox, outbox
from chassis.messaging.leases import LEASE_SECONDS
from chassis.messaging.relay import IDLE_SECONDS
from chassis.messaging.subscription import RETRY_DELAYS
from chassis.service import Service

HOUR = 3600.0
INBOX_KEPT = timedelta(days=7)


async def run_worker(
    service: Service,
    transport: Transport,
    stop: asyncio.Event,
    *,
    lease: float = LEASE_SECONDS,
    retry_delays: tuple[float, ...] = RETRY_DELAYS,
    idle: float = IDLE_SECONDS,
) -> None:
    """Runs until ``stop`` is set; messages and jobs in hand are finished first.

    ``idle`` may be long where nothing but this process records events.
    """
    subscriptions = [
        replace(subscription, retry_delays=retry_delays) for subscription in service.subscriptions
    ]
    await asyncio.gather(
        Relay(service.database, transport, lease=lease, idle=idle).run(stop),
        Consumers(service.database, transport, subscriptions).run(stop),
        run_jobs(service.database, [*service.jobs, *_own_jobs(service)], stop),
    )


def _own_jobs(service: Service) -> list[Job]:
    """What the worker of every service does beside the service's own jobs."""
    return [_housekeeping(service), linking(service.database, service.name)]


def _housekeeping(service: Service) -> Job:
    async def run() -> None:
        async with service.database.transaction() as session:
            await inbox.forget(session, datetime.now(UTC) - INBOX_KEPT)
            await outbox.forget_expired(session)
            await idempotency.forget(session)

    return Job("chassis.housekeeping", HOUR, run)
