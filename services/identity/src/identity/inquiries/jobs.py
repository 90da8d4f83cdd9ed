"""What is asked by the clock."""

from datetime import timedelta

from pyreqwest.client import Client

from chassis.database import Database
from chassis.jobs import Job
from identity.context import Context
from identity.inquiries.asker import Asker, Pace
from identity.inquiries.chain import Chain
from identity.inquiries.domain import Pauses
from identity.inquiries.providers.registry import providers
from identity.inquiries.settings import InquirySettings

LOOKED_EVERY = 0.5


def asker(database: Database, context: Context, settings: InquirySettings, client: Client) -> Asker:
    chain = Chain(
        providers(settings, client, context.clock),
        settings.inquiry_order,
        context.clock,
        failures=settings.inquiry_breaker_failures,
        seconds=settings.inquiry_breaker_seconds,
    )
    pauses = Pauses(
        timedelta(seconds=settings.inquiry_first_pause), timedelta(seconds=settings.inquiry_longest_pause)
    )
    pace = Pace(
        settings.inquiries_at_once,
        settings.inquiry_run_rate,
        timedelta(seconds=settings.inquiry_lease),
        pauses,
    )
    return Asker(database, context, chain, pace)


def asking(asker: Asker) -> Job:
    """Every worker asks at once; what one has taken the others pass over."""
    return Job("identity.inquiries", LOOKED_EVERY, asker.run, exclusive=False)
