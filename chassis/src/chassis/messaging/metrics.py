"""What operations watch of the messages."""

from prometheus_client import Counter, Gauge, Histogram

OUTBOX_UNSENT = Gauge("outbox_unsent", "Rows that wait for the broker's confirmation.", ["service"])
OUTBOX_OLDEST = Gauge("outbox_oldest_seconds", "Age of the oldest unsent row.", ["service"])
OUTBOX_PUBLISHED = Counter("outbox_published", "Messages the broker confirmed.", ["service"])
OUTBOX_RETURNED = Counter("outbox_returned", "Messages no queue is bound to.", ["service"])
OUTBOX_FAILED = Counter("outbox_failed", "Publications that failed otherwise.", ["service", "error"])
OUTBOX_EXPIRED = Counter("outbox_expired", "Rows deleted unsent because their time was over.", ["service"])

HANDLED = Counter("messages_handled", "Messages whose effects are committed.", ["queue"])
DUPLICATES = Counter("messages_duplicate", "Deliveries of messages that were handled before.", ["queue"])
UNKNOWN = Counter("messages_unknown", "Deliveries that no handler is registered for.", ["queue"])
EXPIRED = Counter("messages_expired", "Deliveries whose time was over.", ["queue"])
RETRIED = Counter("messages_retried", "Deliveries sent to a later try.", ["queue"])
DEAD = Counter("messages_dead", "Deliveries that became dead letters.", ["queue"])
LAG = Histogram(
    "messages_lag_seconds",
    "From the recording of an event to the commit of its handler.",
    ["queue"],
    buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15, 60, 300),
)
