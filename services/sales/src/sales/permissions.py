"""What each role may do in sales. The table is the rule: nobody may do what it does not say."""

from chassis.permissions import Permissions

PERMISSIONS = Permissions(
    {
        "plans.read": {"manager", "admin", "auditor"},
        "plans.write": {"manager", "admin"},
        "rules.read": {"manager", "admin", "auditor"},
        "rules.write": {"manager", "admin"},
        "complaints.read": {"care", "manager", "auditor"},
        "complaints.answer": {"care"},
        "audit.read": {"auditor"},
    }
)
