"""A circuit breaker: whoever fails again and again is left alone for a while, then tried."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(slots=True, eq=False)
class Circuit:
    """``limit`` failures in a row open it. While it is open one trial passes every ``seconds``; a success
    closes it. ``clock`` gives seconds.
    """

    limit: int
    seconds: float
    clock: Callable[[], float] = time.monotonic
    failures: int = field(default=0, init=False)
    _tried_again_at: float = field(default=0, init=False)

    @property
    def is_open(self) -> bool:
        return self.failures >= self.limit

    @property
    def rests(self) -> bool:
        """Whether nothing may pass now."""
        return self.is_open and self.clock() < self._tried_again_at

    def lets_pass(self) -> bool:
        """Whether a request may pass; of an open circuit this is the trial of the present period."""
        if self.rests:
            return False
        if self.is_open:
            self._tried_again_at = self.clock() + self.seconds
        return True

    def succeeded(self) -> bool:
        """True when this closes an open circuit."""
        closes = self.is_open
        self.failures = 0
        return closes

    def failed(self) -> bool:
        """True when this opens the circuit."""
        self.failures += 1
        self._tried_again_at = self.clock() + self.seconds
        return self.failures == self.limit
