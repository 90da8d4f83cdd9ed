"""What operations watch of the codes."""

from prometheus_client import Counter, Gauge

CODES = Counter("identity_codes", "Codes that were asked for, by what came of it.", ["purpose", "outcome"])
SMS_USED = Gauge("identity_sms_budget_used", "Codes sent in the present window.", ["window"])
SMS_LIMIT = Gauge("identity_sms_budget_limit", "Codes that may be sent in a window.", ["window"])
