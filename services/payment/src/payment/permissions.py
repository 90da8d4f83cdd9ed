"""What each role may do in payment. The table is the rule: nobody may do what it does not say."""

from chassis.permissions import Permissions

PERMISSIONS = Permissions(
    {
        "payment_providers.read": {"finance", "auditor", "admin"},
        "payment_providers.write": {"finance"},
        "refunds.read": {"finance", "auditor"},
        "refunds.pay": {"finance"},
        "ledger.read": {"finance", "auditor"},
        "card_limits.read": {"finance", "manager", "auditor"},
        "card_limits.write": {"finance"},
        "deposits.read": {"finance", "auditor"},
        "deposits.write": {"finance"},
        "deposits.assign": {"finance"},
        "blocked_deposits.read": {"finance", "manager", "auditor"},
        "blocked_deposits.write": {"finance", "manager"},
        "reconciliation.read": {"finance", "auditor"},
        "reconciliation.write": {"finance"},
        "differences.read": {"finance", "auditor"},
        "differences.mind": {"finance"},
        "audit.read": {"auditor"},
    }
)
