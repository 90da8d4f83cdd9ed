"""What each role may do in notify. The table is the rule: nobody may do what it does not say."""

from chassis.permissions import Permissions

PERMISSIONS = Permissions(
    {
        "message_templates.read": {"manager", "care", "admin", "auditor"},
        "message_templates.write": {"manager", "admin"},
        "message_lanes.read": {"manager", "finance", "admin", "auditor"},
        "message_lanes.write": {"manager", "admin"},
        "messages.read": {"operator", "care", "manager", "auditor"},
        "messages.resend": {"operator", "care"},
        "message_runs.read": {"manager", "care", "admin", "auditor"},
        "message_runs.write": {"manager", "care"},
        "message_runs.rules": {"manager", "admin"},
        "sms_routes.read": {"manager", "finance", "admin", "auditor"},
        "sms_routes.write": {"manager", "admin"},
        "audit.read": {"auditor"},
    }
)
