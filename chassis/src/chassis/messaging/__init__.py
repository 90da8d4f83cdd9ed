"""Events out (outbox and relay) and in (consumers and inbox), over either transport."""

from chassis.messaging import dead_letters, inbox, outbox
from chassis.messaging.consumers import Consumers
from chassis.messaging.envelope import Envelope, current_message
from chassis.messaging.relay import Relay
from chassis.messaging.subscription import Handler, Subscription
from chassis.messaging.transport import Transport
from chassis.messaging.transports import connect

__all__ = [
    "Consumers",
    "Envelope",
    "Handler",
    "Relay",
    "Subscription",
    "Transport",
    "connect",
    "current_message",
    "dead_letters",
    "inbox",
    "outbox",
]
