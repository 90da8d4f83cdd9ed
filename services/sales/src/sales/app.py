"""The composition root of sales: what it serves, what it listens to, what it does by itself."""

from datetime import timedelta
from functools import partial
from pathlib import Path

from chassis.audit.access_log import access_log_router
from chassis.audit.api import audit_router
from chassis.auth import KeySource
from chassis.clock import Clock, system_clock
from chassis.crypto import BlindIndex, Keyring
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
from events.identity import (
    CustomerChanged,
    CustomerDisabled,
    CustomerEnabled,
    CustomerRegistered,
    CustomerReindexed,
    InquiryConcluded,
    InquiryOpened,
)
from events.payment import BillPaid, BillPartPaid, DepositsBlocked, PaymentReturned, RefundPaid
from events.sales import DrawHeld, DrawResultsListed
from sales.articles import api as articles
from sales.articles import staff_api as staff_articles
from sales.cancellations import api as cancellations
from sales.cancellations import consumers as refunds
from sales.cancellations.jobs import giver_up
from sales.cancellations.service import void
from sales.config import Settings
from sales.context import Context
from sales.contracts import api as contracts
from sales.contracts import buyers
from sales.customers import consumers as customers
from sales.dealerships import api as dealerships
from sales.dealerships import office_api as staff_office
from sales.dealerships import staff_api as staff_dealerships
from sales.dealerships.service import IMPORT as DEALERSHIPS
from sales.deliveries import api as deliveries
from sales.deliveries.service import IMPORT as DELIVERIES
from sales.deposits import staff_api as deposits
from sales.deposits.consumers import note_blocked
from sales.desk import api as desk
from sales.draws import api as draws
from sales.draws import staff_api as staff_draws
from sales.draws import telling
from sales.draws.entering import register
from sales.draws.jobs import drawing
from sales.draws.staff_api import Notice
from sales.eligibility import api as eligibility
from sales.facts import api as facts
from sales.facts.service import fact_lists
from sales.invitations import api as invitations
from sales.invitations import consumers as drawn
from sales.invitations import staff_api as staff_invitations
from sales.invitations.jobs import invitation_jobs
from sales.invitations.paying import minding_invitations
from sales.orders import api as orders
from sales.orders import jobs, purchase
from sales.orders import live as live_orders
from sales.orders.admission import Admission
from sales.penalties import api as penalties
from sales.permissions import PERMISSIONS
from sales.plans import api as plans
from sales.plans import live as live_plans
from sales.plans import prices_api as plan_prices
from sales.plans import staff_api as staff_plans
from sales.plans.catalogue import Catalogue
from sales.plans.jobs import plan_jobs
from sales.rechecks import api as rechecks
from sales.rechecks.jobs import rechecking
from sales.rechecks.turns import before_contract
from sales.reports import api as reports
from sales.rules import api as rules
from sales.schema import Base
from sales.settlement import api as settlement
from sales.settlement import steps as settlement_steps
from sales.settlement.jobs import settlement_jobs
from sales.tracking import api as tracking
from sales.transfers import api as transfers
from sales.transfers.jobs import expirer
from sales.voice import api as voice
from sales.voice import attachments_api as attachments
from sales.voice import contacts_api as complaint_contacts
from sales.voice import rules_api as complaint_rules
from sales.voice import staff_api as staff_voice
from sales.voice import topics_api as complaint_topics
from sales.voice.attachments import Attachments
from sales.voice.folder import Folder
from sales.voice.jobs import sweeping, warning
from sales.working_days import api as working_days

MIGRATIONS = Path(__file__).parent / "migrations"

ROUTERS = (
    plans.router,
    live_plans.router,
    eligibility.router,
    orders.router,
    live_orders.router,
    tracking.router,
    invitations.router,
    cancellations.router,
    dealerships.router,
    staff_dealerships.router,
    staff_office.router,
    staff_dealerships.importing,
    voice.router,
    attachments.router,
    staff_voice.router,
    complaint_rules.router,
    complaint_topics.router,
    complaint_contacts.router,
    desk.router,
    articles.router,
    staff_articles.router,
    reports.router,
    staff_plans.router,
    deposits.router,
    plan_prices.router,
    draws.router,
    staff_draws.router,
    staff_invitations.router,
    cancellations.staff_router,
    transfers.router,
    transfers.staff_router,
    working_days.router,
    rules.router,
    facts.router,
    rechecks.router,
    deliveries.router,
    deliveries.staff_router,
    deliveries.staff_imports,
    penalties.router,
    penalties.staff_router,
    contracts.router,
    contracts.staff_router,
    settlement.router,
    settlement.staff_router,
)

DIRECT = {
    ("POST", "/api/v1/orders"): orders.handle_order,
    ("POST", "/api/v1/tracking"): tracking.handle_tracking,
}

IMPORTS = (DELIVERIES, DEALERSHIPS)

PAID = minding_invitations(settlement_steps.STEPS)
"""What each purpose's money does; invitations are minded whatever it is for."""


def subscriptions(clock: Clock) -> list[Subscription]:
    return [
        Subscription(
            "sales.customers",
            {
                CustomerRegistered: customers.note_registered,
                CustomerChanged: customers.remember,
                CustomerReindexed: customers.note_reindexed,
                CustomerDisabled: customers.note_disabled,
                CustomerEnabled: customers.note_enabled,
                InquiryOpened: customers.forget_inquiry,
                InquiryConcluded: customers.note_inquiry,
            },
        ),
        Subscription("sales.deposits", {DepositsBlocked: note_blocked}),
        Subscription("sales.drawn", {DrawHeld: partial(drawn.on_draw_held, clock=clock)}),
        Subscription(
            "sales.draw_results",
            {DrawHeld: telling.on_draw_held, DrawResultsListed: telling.on_results_listed},
        ),
        Subscription(
            "sales.purchase",
            {
                BillPaid: partial(
                    purchase.on_bill_paid,
                    clock=clock,
                    steps=PAID,
                    beforehand=partial(before_contract, void=void),
                    afterwards=settlement_steps.settle,
                ),
                BillPartPaid: settlement_steps.note_part,
                PaymentReturned: partial(purchase.on_payment_returned, clock=clock),
                RefundPaid: partial(refunds.on_refund_paid, clock=clock),
            },
        ),
    ]


def _jobs(settings: Settings, database: Database, context: Context, folder: Folder) -> list[Job]:
    clock, event_keyring = context.clock, Keyring.parse(settings.event_keys)
    return [
        Job("sales.lapse", settings.lapse_every_seconds, partial(jobs.lapse_overdue, database, clock)),
        giver_up(database, clock),
        expirer(database, clock),
        rechecking(database, clock, void),
        *plan_jobs(database, clock),
        *invitation_jobs(database, clock),
        *settlement_jobs(database, clock, timedelta(days=settings.instalment_bill_days)),
        warning(database, context, event_keyring),
        sweeping(database, clock, folder),
        drawing(database, context, settings.draws_every_seconds),
    ]


def build(settings: Settings, *, clock: Clock = system_clock, keys: KeySource | None = None) -> Service:
    """The service; tests give it another clock and other keys."""
    database = Database(settings.database_url, pool_size=settings.pool_size)
    catalogue = Catalogue(database, clock, settings.catalogue_refresh_seconds)
    admission = Admission(database, catalogue, settings.admission_batch, register)
    keyring, index = Keyring.parse(settings.data_keys), BlindIndex.parse(settings.index_key)
    event_keyring = Keyring.parse(settings.event_keys)
    importer = Importer(database, event_keyring, clock, (*IMPORTS, fact_lists(index)))
    context, folder = Context(clock, keyring), Folder(settings.attachments_dir)
    key_client = new_client(timeout=2)
    return Service(
        name="sales",
        database=database,
        verifier=verifier_of(settings, key_client, clock=clock, keys=keys),
        migrations=MIGRATIONS,
        routers=(*ROUTERS, audit_router("/staff/audit/sales", clock), access_log_router()),
        root_routers=(live_orders.internal, live_plans.internal),
        subscriptions=[*subscriptions(clock), buyers.subscription(event_keyring, context)],
        jobs=[
            *_jobs(settings, database, context, folder),
            *importer.jobs("sales"),
            Reencryption(database, keyring, sealed_tables(Base.metadata)).job("sales"),
        ],
        provides=[
            *(catalogue, admission, index, keyring, context, importer),
            Attachments(database, context, folder),
            Notice(timedelta(seconds=settings.draw_notice_seconds)),
        ],
        resources=[
            catalogue,
            admission,
            KeyWatch(database, {"data": keyring, "index": index, "events": event_keyring}),
            key_client,
        ],
        direct=DIRECT,
        permissions=PERMISSIONS,
        body_limits=attachments.BODY_LIMITS,
    )
