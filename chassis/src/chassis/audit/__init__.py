"""Who looked at or changed whose data, when and from where: append-only and tamper-evident.

``await audit.record(session, audit.Entry(action="identity.customer.viewed", ...), at=now)`` in the
transaction of what it tells of.
"""

from chassis.audit.entry import Entry
from chassis.audit.recording import record

__all__ = ["Entry", "record"]
