"""Reconciles each day once it is over."""

from datetime import timedelta

from prometheus_client import Gauge

from chassis.imports import store
from chassis.jobs import Job
from iran import tehran_date
from payment.checkout import Checkout
from payment.concurrency import side_by_side
from payment.reconciliation import asking, comparing, queries, service
from payment.reconciliation.tables import Reconciliation

BEHIND = Gauge(
    "payment_reconciliation_behind_days", "Days since the last one that was reconciled", ["provider"]
)


def reconciler(checkout: Checkout) -> Job:
    async def run() -> bool:
        await _open(checkout)
        more = await go_on(checkout)
        await compare_files(checkout)
        await _tell(checkout)
        return more

    return Job("payment.reconciliation", checkout.settings.reconcile_every, run)


async def _open(checkout: Checkout) -> None:
    settle = timedelta(seconds=checkout.settings.reconcile_after)
    async with checkout.database.transaction() as session:
        await service.open_days(session, checkout.providers.all, settle, checkout.clock())


async def go_on(checkout: Checkout) -> bool:
    """Some payments of every provider's oldest open day; True when more may be asked about at once.

    One that is connected no more waits until it is.
    """
    connected = {provider.name for provider in checkout.providers.all}
    async with checkout.database.transaction() as session:
        runs = [run for run in await queries.open_inquiry(session) if run.provider in connected]
    gone_on: list[bool] = []

    async def step(run: Reconciliation) -> None:
        gone_on.append(await asking.go_on(checkout, run))

    await side_by_side(*(step(run) for run in runs))
    return any(gone_on)


async def compare_files(checkout: Checkout) -> None:
    """The files that were taken in, to their end or to where they could not be read."""
    async with checkout.database.transaction() as session:
        ended = await store.ended(session, service.NAME, await queries.open_files(session))
    for import_id in ended:
        async with checkout.database.transaction() as session:
            run = await service.lock_file(session, import_id)
            if run is not None:
                await comparing.compare(session, run, checkout.clock())


async def _tell(checkout: Checkout) -> None:
    async with checkout.database.transaction() as session:
        done = await queries.last_days(session)
    for provider, day in done.items():
        BEHIND.labels(provider).set((tehran_date(checkout.clock()) - day).days - 1)
