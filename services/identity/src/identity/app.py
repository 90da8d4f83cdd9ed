"""What identity consists of."""

from datetime import timedelta
from pathlib import Path

from chassis.audit.api import audit_router
from chassis.auth import KeySource, TokenVerifier
from chassis.clock import Clock, system_clock
from chassis.database import Database
from chassis.ended_sessions import EndedSessions
from chassis.http import new_client
from chassis.keys.holders import KeyWatch
from chassis.service import Service
from identity.approvals import api as approvals
from identity.authenticators import api as authenticators
from identity.changes import api as changes
from identity.config import Settings
from identity.context import Context
from identity.credentials import api as passwords
from identity.credentials.hashing import PasswordHashing
from identity.customers import api as customers
from identity.devices import api as devices
from identity.devices import jobs as device_jobs
from identity.disablements import staff_api as disablements
from identity.field_policies import staff_api as field_policies
from identity.inquiries import api as inquiries
from identity.inquiries.jobs import asker, asking
from identity.inquiry_runs import jobs as inquiry_run_jobs
from identity.inquiry_runs import staff_api as staff_inquiry_runs
from identity.keys import jobs as key_jobs
from identity.limits import jobs as limit_jobs
from identity.limits.domain import CodeRules, SecretRules
from identity.logins import api as logins
from identity.lookups import api as access_log
from identity.lookups import staff_api as lookups
from identity.mobile_changes import api as mobile_changes
from identity.password_resets import api as password_resets
from identity.permissions import PERMISSIONS
from identity.registrations import api as registrations
from identity.registrations import jobs as registration_jobs
from identity.sessions import api as sessions
from identity.sessions import ended_api as ended_sessions
from identity.sessions.ended import OwnList
from identity.staff import api as staff
from identity.staff_invitations import api as invitation_answers
from identity.staff_invitations import staff_api as staff_invitations
from identity.tokens import api as tokens
from identity.tokens import jobs as token_jobs
from identity.tokens.key_store import KeyStore
from identity.tokens.signer import TokenSigner
from identity.vault import Vault

MIGRATIONS = Path(__file__).parent / "migrations"

ROUTERS = (
    registrations.router,
    logins.router,
    sessions.router,
    customers.router,
    changes.router,
    approvals.router,
    field_policies.router,
    passwords.router,
    mobile_changes.router,
    password_resets.router,
    devices.router,
    authenticators.router,
    disablements.router,
    inquiries.router,
    staff_inquiry_runs.router,
    staff_invitations.router,
    invitation_answers.router,
    staff.router,
    lookups.router,
    access_log.router,
)
ROOT_ROUTERS = (tokens.router, ended_sessions.router)
JOBS = (
    registration_jobs.forgetting,
    device_jobs.forgetting,
    token_jobs.turning,
    inquiry_run_jobs.going_on,
    key_jobs.reencrypting,
    key_jobs.reindexing,
    limit_jobs.watching_budget,
)


def build(settings: Settings, *, clock: Clock = system_clock, keys: KeySource | None = None) -> Service:
    """The service as the settings describe it; ``keys`` replaces its own for checking tokens."""
    database = Database(settings.database_url, pool_size=settings.pool_size)
    vault = Vault.of(settings)
    hashing = PasswordHashing(settings.hash_workers, settings.hash_queue, memory_kib=settings.hash_memory_kib)
    own_keys = KeyStore(database, vault, clock)
    issuer, audience = settings.token_issuer, settings.token_audience
    signer = TokenSigner(own_keys, issuer=issuer, audience=audience)
    context = Context(
        clock,
        vault,
        hashing,
        signer,
        timedelta(seconds=settings.staff_totp_after),
        SecretRules(settings.address_attempts),
        _code_rules(settings),
    )
    inquiry_client = new_client(timeout=settings.inquiry_timeout)
    questions = asker(database, context, settings, inquiry_client)
    return Service(
        name="identity",
        database=database,
        verifier=TokenVerifier(
            keys or own_keys,
            issuer=issuer,
            audience=audience,
            clock=clock,
            ended=EndedSessions(OwnList(database, clock), every=settings.ended_sessions_every),
        ),
        migrations=MIGRATIONS,
        routers=(*ROUTERS, audit_router("/staff/audit", clock)),
        root_routers=ROOT_ROUTERS,
        jobs=[*(job(database, context) for job in JOBS), asking(questions)],
        provides=[context],
        resources=[hashing, KeyWatch(database, vault.followed), inquiry_client, questions],
        permissions=PERMISSIONS,
        body_limits=staff_inquiry_runs.BODY_LIMITS,
    )


def _code_rules(settings: Settings) -> CodeRules:
    return CodeRules(settings.address_codes, settings.sms_per_hour, settings.sms_per_day)
