"""The composition root of notify."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from functools import partial
from pathlib import Path

from chassis.audit.access_log import access_log_router
from chassis.audit.api import audit_router
from chassis.auth import KeySource
from chassis.clock import Clock, system_clock
from chassis.crypto import Keyring
from chassis.database import Database
from chassis.http import new_client
from chassis.imports import Importer
from chassis.jobs import Job
from chassis.keys.columns import sealed_tables
from chassis.keys.holders import KeyWatch
from chassis.keys.reencryption import Reencryption
from chassis.messaging import Subscription
from chassis.service import Service
from chassis.verifying import verifier_of
from notify.config import Settings
from notify.context import Context
from notify.lanes import api as lanes
from notify.lanes.jobs import watching
from notify.messages import api, staff_api, webhooks
from notify.messages.account_changes import AccountChanges
from notify.messages.bell import Bell
from notify.messages.consumers import Announcer
from notify.messages.domain import PACES, Lane
from notify.messages.invitations import Inviter
from notify.messages.jobs import DeliveryStates
from notify.messages.sender import Sender
from notify.messages.voice import VoiceCodes
from notify.permissions import PERMISSIONS
from notify.providers.registry import Providers, connected
from notify.routing import api as routing
from notify.routing.credit import CreditWatch
from notify.routing.failover import Failover
from notify.runs import api as runs
from notify.runs import preferences_api
from notify.runs.listing import Listing
from notify.runs.releasing import Releaser
from notify.runs.results import Results
from notify.schema import Base
from notify.templates import api as templates

MIGRATIONS = Path(__file__).parent / "migrations"
ROUTERS = (
    preferences_api.router,
    api.router,
    staff_api.router,
    templates.router,
    lanes.router,
    routing.router,
    webhooks.router,
    runs.router,
    runs.rules_router,
)


def build(settings: Settings, *, clock: Clock = system_clock, keys: KeySource | None = None) -> Service:
    """The service as it runs; tests bring their clock and keys."""
    database = Database(settings.database_url, pool_size=settings.pool_size)
    keyring = Keyring.parse(settings.data_keys)
    client, key_client = new_client(timeout=settings.provider_timeout), new_client(timeout=2)
    providers = connected(settings, client)
    failover = Failover(providers, clock, failures=settings.circuit_failures, seconds=settings.circuit_rest)
    bells: Mapping[Lane, Bell] = {lane: Bell() for lane in PACES}
    first_asked = timedelta(seconds=settings.delivery_first_asked_after)
    lease = timedelta(seconds=settings.sending_lease)
    send = partial(Sender, ask_after=first_asked, lease=lease, clock=clock)
    senders = [send(lane, database, failover, keyring, bells[lane]) for lane in sorted(settings.lanes)]
    event_keyring = Keyring.parse(settings.event_keys)
    importer = Importer(database, event_keyring, clock, [Listing(keyring).kind()])
    releaser = Releaser(database, bells[Lane.BULK], clock)
    hearing = _hearing(event_keyring, keyring, bells, clock, settings.public_url)
    doing = _doing(importer, VoiceCodes(database, failover, keyring, clock), releaser)
    return Service(
        name="notify",
        database=database,
        verifier=verifier_of(settings, key_client, clock=clock, keys=keys),
        migrations=MIGRATIONS,
        routers=(*ROUTERS, audit_router("/staff/audit/notify", clock), access_log_router()),
        subscriptions=[one for lane, one in hearing if lane in settings.lanes],
        jobs=(
            *(_sending(sender) for sender in senders),
            *_following(settings, database, providers, failover, clock, first_asked),
            *(job for lane, job in doing if lane in settings.lanes),
            Reencryption(database, keyring, sealed_tables(Base.metadata)).job("notify"),
        ),
        provides=(keyring, providers, Context(clock, keyring), importer),
        resources=(
            KeyWatch(database, {"data": keyring, "events": event_keyring}),
            key_client,
            client,
            *senders,
        ),
        permissions=PERMISSIONS,
    )


def _sending(sender: Sender) -> Job:
    """Every worker sends at once; what one has claimed the others pass over."""
    return Job(f"notify.send.{sender.lane}", 1, sender.run, exclusive=False)


def _following(
    settings: Settings,
    database: Database,
    providers: Providers,
    failover: Failover,
    clock: Clock,
    first_asked: timedelta,
) -> tuple[Job, ...]:
    """What is asked of the providers, and of what was spent on them."""
    deliveries = DeliveryStates(database, providers, clock, first_asked)
    return (
        Job("notify.delivery_states", settings.delivery_asked_every, deliveries.run),
        failover.job(),
        CreditWatch(database, providers, clock).job(settings.credit_asked_every),
        watching(database, clock),
    )


def _doing(importer: Importer, voice: VoiceCodes, releaser: Releaser) -> Iterator[tuple[Lane, Job]]:
    """Each job that belongs to a lane, and the lane whose workers do it."""
    yield Lane.CODE, voice.job()
    yield Lane.BULK, Job("notify.runs", 1, releaser.run)
    for job in importer.jobs("notify"):
        yield Lane.BULK, job


def _hearing(
    event_keyring: Keyring, keyring: Keyring, bells: Mapping[Lane, Bell], clock: Clock, public_url: str
) -> Iterator[tuple[Lane, Subscription]]:
    """Each queue, and the lane whose workers hear it."""
    announcer = Announcer(event_keyring, keyring, bells, clock)
    yield Lane.CODE, announcer.codes()
    yield Lane.TRANSACTIONAL, announcer.milestones()
    yield Lane.TRANSACTIONAL, AccountChanges(event_keyring, keyring, bells, clock).subscription()
    yield Lane.TRANSACTIONAL, Inviter(event_keyring, keyring, bells, clock, public_url).subscription()
    yield Lane.BULK, Results(clock).subscription()
