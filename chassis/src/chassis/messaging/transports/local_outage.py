"""The local broker is away when its database is."""

from collections.abc import Iterator
from contextlib import contextmanager

from chassis.database import is_outage
from chassis.messaging.transport import Unavailable


@contextmanager
def unavailable_during_outage() -> Iterator[None]:
    try:
        yield
    except Exception as error:
        if is_outage(error):
            raise Unavailable("the broker's database is away") from error
        raise
