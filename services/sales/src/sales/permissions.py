"""What each role may do in sales. The table is the rule: nobody may do what it does not say."""

from chassis.permissions import Permissions

PERMISSIONS = Permissions(
    {
        "plans.read": {"manager", "admin", "auditor"},
        "plans.write": {"manager", "admin"},
        "rules.read": {"manager", "admin", "auditor"},
        "rules.write": {"manager", "admin"},
        "facts.write": {"manager"},
        "rechecks.write": {"manager"},
        "complaints.read": {"care", "manager", "auditor"},
        "complaints.answer": {"care"},
        "complaints.rules": {"manager", "admin"},
        "dealerships.read": {"manager", "admin", "auditor"},
        "dealerships.write": {"manager", "admin"},
        "reports.read": {"manager", "admin", "finance", "care", "auditor"},
        "reports.export": {"manager", "admin", "finance", "auditor"},
        "articles.read": {"manager", "admin", "care", "auditor"},
        "articles.write": {"manager", "admin", "care"},
        "desk.lookup": {"operator", "dealer", "care", "manager", "finance", "auditor"},
        "deliveries.write": {"manager", "operator"},
        "penalties.read": {"manager", "finance", "auditor"},
        "penalties.write": {"finance"},
        "invitations.read": {"manager", "finance", "auditor"},
        "invitations.write": {"manager"},
        "calendar.read": {"manager", "operator", "care", "finance", "admin", "auditor"},
        "calendar.write": {"manager", "admin"},
        "orders.void": {"manager"},
        "transfers.read": {"manager", "operator", "auditor"},
        "transfers.decide": {"manager", "operator"},
        "draws.read": {"manager", "admin", "auditor"},
        "draws.write": {"manager", "admin"},
        "contracts.read": {"manager", "finance", "auditor"},
        "contracts.write": {"manager"},
        "late_fees.read": {"manager", "finance", "auditor"},
        "late_fees.write": {"finance"},
        "audit.read": {"auditor"},
    }
)
