"""Rate limits: token buckets per client address and per person, in this process's memory."""

import math
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping

from chassis.errors import TooManyRequests
from gateway.config import Allowance, Limit
from gateway.routes import RateClass

ROUNDING = 1e-6


class Buckets:
    """A token bucket per key, kept as the moment at which it will be full again.

    Source: the generic cell rate algorithm (ITU-T I.371). A key that is absent has a full bucket, so
    forgetting the longest idle one of more than ``remembered`` loses nothing but a little strictness.
    """

    def __init__(self, allowance: Allowance, factor: float, remembered: int) -> None:
        self._interval = 1 / (allowance.per_second * factor)
        self._tolerance = (max(1, round(allowance.burst * factor)) - 1) * self._interval + ROUNDING
        self._remembered = remembered
        self._full_at: OrderedDict[object, float] = OrderedDict()

    def take(self, key: object, now: float) -> float:
        """Takes one token; returns 0, or how many seconds to wait when there is none."""
        full_at = max(self._full_at.get(key, now), now)
        wait = full_at - now - self._tolerance
        if wait > 0:
            return wait
        self._full_at[key] = full_at + self._interval
        self._full_at.move_to_end(key)
        if len(self._full_at) > self._remembered:
            self._full_at.popitem(last=False)
        return 0

    def __len__(self) -> int:
        return len(self._full_at)


class RateLimiter:
    """Refuses with 429 who asks more than the limits of a class of routes."""

    def __init__(
        self,
        limits: Mapping[RateClass, Limit],
        *,
        factor: float = 1,
        remembered: int = 100_000,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._clock = clock
        self._addresses: dict[RateClass, Buckets] = {}
        self._subjects: dict[RateClass, Buckets] = {}
        if factor:
            for name, limit in limits.items():
                self._addresses[name] = Buckets(limit.address, factor, remembered)
                self._subjects[name] = Buckets(limit.subject, factor, remembered)

    def admit_address(self, rate_class: RateClass, network: str) -> None:
        """Raises ``TooManyRequests``; ``network`` from ``clients.limited_network``."""
        self._admit(self._addresses, rate_class, network)

    def admit_subject(self, rate_class: RateClass, subject: object) -> None:
        """Raises ``TooManyRequests``."""
        self._admit(self._subjects, rate_class, subject)

    def _admit(self, buckets: Mapping[RateClass, Buckets], rate_class: RateClass, key: object) -> None:
        bucket = buckets.get(rate_class)
        if bucket is not None and (wait := bucket.take(key, self._clock())):
            raise TooManyRequests(math.ceil(wait))
