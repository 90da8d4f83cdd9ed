"""Who is offered what: the API judges, a page only leaves out what is not somebody's work."""

from collections.abc import Iterable, Mapping

from portal.visit import Visit

ROLES: Mapping[str, str] = {
    "approvals.decide": "operator admin",
    "approvals.read": "operator auditor admin",
    "articles.read": "manager care auditor admin",
    "articles.write": "manager care admin",
    "audit.read": "auditor",
    "blocked_deposits.read": "manager finance auditor",
    "blocked_deposits.write": "manager finance",
    "calendar.read": "manager operator care finance auditor admin",
    "calendar.write": "manager admin",
    "card_limits.read": "manager finance auditor",
    "card_limits.write": "finance",
    "complaints.answer": "care",
    "complaints.read": "manager care auditor",
    "complaints.rules": "manager admin",
    "contracts.read": "manager finance auditor",
    "contracts.write": "manager",
    "customers.disable": "admin",
    "customers.disclose": "care finance auditor",
    "customers.read": "manager operator dealer care finance auditor admin",
    "customers.search": "manager operator dealer care finance auditor admin",
    "dealerships.read": "manager auditor admin",
    "dealerships.write": "manager admin",
    "deliveries.write": "manager operator",
    "deposits.assign": "finance",
    "deposits.read": "finance auditor",
    "deposits.write": "finance",
    "desk.lookup": "manager operator dealer care finance auditor",
    "differences.mind": "finance",
    "differences.read": "finance auditor",
    "draws.read": "manager auditor admin",
    "draws.write": "manager admin",
    "facts.write": "manager",
    "field_policies.read": "auditor admin",
    "field_policies.write": "admin",
    "inquiries.read": "manager auditor admin",
    "inquiries.write": "manager admin",
    "invitations.read": "manager finance auditor",
    "invitations.write": "manager",
    "late_fees.read": "manager finance auditor",
    "late_fees.write": "finance",
    "ledger.read": "finance auditor",
    "members.confirm": "admin",
    "members.read": "auditor admin",
    "members.write": "admin",
    "message_lanes.read": "manager finance auditor admin",
    "message_lanes.write": "manager admin",
    "message_runs.read": "manager care auditor admin",
    "message_runs.rules": "manager admin",
    "message_runs.write": "manager care",
    "message_templates.read": "manager care auditor admin",
    "message_templates.write": "manager admin",
    "messages.read": "manager operator care auditor",
    "messages.resend": "operator care",
    "orders.void": "manager",
    "payment_providers.read": "finance auditor admin",
    "payment_providers.write": "finance",
    "penalties.read": "manager finance auditor",
    "penalties.write": "finance",
    "plans.read": "manager auditor admin",
    "plans.write": "manager admin",
    "rechecks.write": "manager",
    "reconciliation.read": "finance auditor",
    "reconciliation.write": "finance",
    "refunds.pay": "finance",
    "refunds.read": "finance auditor",
    "reports.export": "manager finance auditor admin",
    "reports.read": "manager care finance auditor admin",
    "rules.read": "manager auditor admin",
    "rules.write": "manager admin",
    "sms_routes.read": "manager finance auditor admin",
    "sms_routes.write": "manager admin",
    "transfers.decide": "manager operator",
    "transfers.read": "manager operator auditor",
}
"""By permission the roles that have it, as docs/permissions.md says."""


def may(visit: Visit, permission: str) -> bool:
    return visit.session is not None and allows(permission, visit.session.roles)


def allows(permission: str, roles: Iterable[str]) -> bool:
    return not set(ROLES[permission].split()).isdisjoint(roles)


def is_me(visit: Visit, person: str | None) -> bool:
    """Whether the id that the API says of a member of the staff is the visitor's."""
    return visit.session is not None and person == visit.session.customer_id
