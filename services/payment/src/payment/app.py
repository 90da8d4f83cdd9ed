"""What the payment service is: its routes, what it hears, what it does by itself."""

from functools import partial
from pathlib import Path

from chassis.audit.access_log import access_log_router
from chassis.audit.api import audit_router
from chassis.auth import KeySource
from chassis.clock import Clock, system_clock
from chassis.crypto import BlindIndex, Keyring
from chassis.database import Database
from chassis.http import new_client
from chassis.keys.columns import sealed_tables
from chassis.keys.holders import KeyWatch
from chassis.keys.reencryption import Reencryption
from chassis.messaging import Subscription
from chassis.service import Service
from chassis.verifying import verifier_of
from events.identity import CustomerChanged, CustomerRegistered, InquiryConcluded, InquiryOpened
from events.sales import (
    BillPostponed,
    BillRequested,
    BillWithdrawn,
    OrderCancelled,
    OrderLapsed,
    OrderPlaced,
    OrderTransferred,
    OrderVoided,
    PaymentDeclined,
    RefundRequested,
)
from payment import books, taking_in
from payment.accounts import consumers as accounts
from payment.bills import api as bills
from payment.bills import consumers
from payment.bills.issuing import Issuer
from payment.bills.numbering import Biller
from payment.bills.reminding import Reminding, reminder
from payment.checkout import Checkout
from payment.config import Settings
from payment.payments import api as payments
from payment.payments import offers_api as offers
from payment.payments.jobs import sweeper
from payment.permissions import PERMISSIONS
from payment.providers.registry import providers_of
from payment.refunds import api as refunds
from payment.refunds import staff_api as staff_refunds
from payment.refunds.consumers import refund_requested
from payment.refunds.jobs import looker, shower
from payment.refunds.staff_api import RefundDesk
from payment.returns.consumers import payment_declined
from payment.returns.jobs import sender
from payment.routing import staff_api as staff_routing
from payment.schema import Base

MIGRATIONS = Path(__file__).parent / "migrations"

ROUTERS = (
    bills.router,
    payments.router,
    offers.router,
    staff_routing.router,
    refunds.router,
    staff_refunds.router,
    *books.ROUTERS,
    *taking_in.ROUTERS,
)


def _accounts(keyring: Keyring, event_keyring: Keyring) -> Subscription:
    """Whose Sheba and whose national code is the person's."""
    note_national_code = partial(accounts.note_national_code, events=event_keyring, data=keyring)
    return Subscription(
        "payment.accounts",
        {
            InquiryOpened: accounts.sheba_opened,
            InquiryConcluded: partial(accounts.sheba_concluded, events=event_keyring, data=keyring),
            CustomerRegistered: note_national_code,
            CustomerChanged: note_national_code,
        },
    )


def _orders(issuer: Issuer, clock: Clock) -> Subscription:
    """What orders ask of payment."""
    return Subscription(
        "payment.orders",
        {
            OrderPlaced: partial(consumers.order_placed, issuer=issuer, clock=clock),
            BillRequested: partial(consumers.bill_requested, issuer=issuer, clock=clock),
            BillPostponed: partial(consumers.bill_postponed, reminding=issuer.reminding),
            BillWithdrawn: partial(consumers.bill_withdrawn, clock=clock),
            OrderTransferred: consumers.order_transferred,
            OrderLapsed: partial(consumers.order_ended, clock=clock),
            OrderCancelled: partial(consumers.order_ended, clock=clock),
            OrderVoided: partial(consumers.order_ended, clock=clock),
            PaymentDeclined: partial(payment_declined, clock=clock),
            RefundRequested: partial(refund_requested, clock=clock),
        },
    )


def build(settings: Settings, *, clock: Clock = system_clock, keys: KeySource | None = None) -> Service:
    database = Database(settings.database_url, pool_size=settings.pool_size)
    keyring, event_keyring = Keyring.parse(settings.data_keys), Keyring.parse(settings.event_keys)
    index = BlindIndex.parse(settings.index_key)
    jwks_client = new_client(timeout=2)
    bank_client = new_client(timeout=settings.provider_timeout)
    providers = providers_of(settings, bank_client, clock)
    checkout = Checkout(database, providers, clock, settings, keyring)
    importer = taking_in.importer(checkout, event_keyring, index)
    reminding = Reminding(settings.remind_before)
    issuer = Issuer(Biller(settings.bill_company, settings.bill_service), reminding)

    return Service(
        name="payment",
        database=database,
        verifier=verifier_of(settings, jwks_client, clock=clock, keys=keys),
        migrations=MIGRATIONS,
        provides=[checkout, keyring, importer, RefundDesk(keyring, clock)],
        resources=[
            KeyWatch(database, {"data": keyring, "index": index, "events": event_keyring}),
            jwks_client,
            bank_client,
        ],
        routers=(*ROUTERS, audit_router("/staff/audit/payment", clock), access_log_router()),
        subscriptions=[_accounts(keyring, event_keyring), _orders(issuer, clock), taking_in.people()],
        jobs=[
            Reencryption(database, keyring, sealed_tables(Base.metadata)).job("payment"),
            sweeper(checkout),
            sender(checkout),
            reminder(database, reminding, clock, settings.remind_every),
            looker(database, settings.refund_accounts_every),
            shower(database, clock),
            *books.jobs(checkout),
            *taking_in.jobs(checkout, importer),
        ],
        permissions=PERMISSIONS,
    )
