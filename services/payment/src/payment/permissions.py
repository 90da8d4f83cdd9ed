"""What each role may do in payment. The table is the rule: nobody may do what it does not say."""

from chassis.permissions import Permissions

PERMISSIONS = Permissions(
    {
        "refunds.read": {"finance", "auditor"},
        "refunds.pay": {"finance"},
        "audit.read": {"auditor"},
    }
)
