"""What each role may do with accounts. The table is the rule: nobody may do what it does not say."""

from chassis.permissions import Permissions

PERMISSIONS = Permissions(
    {
        "members.read": {"admin", "auditor"},
        "members.write": {"admin"},
        "members.confirm": {"admin"},
        "customers.search": {"operator", "dealer", "care", "finance", "manager", "admin", "auditor"},
        "customers.read": {"operator", "dealer", "care", "finance", "manager", "admin", "auditor"},
        "customers.disclose": {"care", "finance", "auditor"},
        "customers.disable": {"admin"},
        "approvals.read": {"operator", "admin", "auditor"},
        "approvals.decide": {"operator", "admin"},
        "field_policies.read": {"admin", "auditor"},
        "field_policies.write": {"admin"},
        "inquiries.read": {"manager", "admin", "auditor"},
        "inquiries.write": {"manager", "admin"},
        "audit.read": {"auditor"},
    }
)
