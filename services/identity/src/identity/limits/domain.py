"""How often something may happen, and how long a guesser waits.

Sources: OWASP ASVS 5.0 6.3.1, 6.6.3; NIST SP 800-63B 5.2.2.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True)
class Quota:
    """``limit`` times within ``window``, which starts at the first of them."""

    name: str
    limit: int
    window: timedelta

    def name_of(self, key: str) -> str:
        return f"{self.name}:{key}"


@dataclass(frozen=True)
class Backoff:
    """``free`` tries at full speed; then pauses that double from ``pause`` up to ``longest``.

    Nobody is locked out for good: after ``forget`` without a try all is forgiven, and so it is by a
    success. Of a counter that strangers share, a success takes back only itself, and the count starts
    anew every ``forget``.
    """

    name: str
    free: int
    pause: timedelta
    longest: timedelta
    forget: timedelta
    shared: bool = False


@dataclass(frozen=True)
class Count:
    """A try that counts under ``key`` by a rule."""

    rule: Backoff
    key: str

    @property
    def name(self) -> str:
        return f"{self.rule.name}:{self.key}"


CODES_OF_A_MOBILE = (
    Quota("code.minutes", 3, timedelta(minutes=10)),
    Quota("code.day", 10, timedelta(days=1)),
)
OWNER_WARNED = Quota("registration.repeated", 1, timedelta(hours=1))


class SecretRules:
    """The counters of a secret's check, always in this order, so that no two checks deadlock.

    The pair of account and address is what stops a guesser; the account's own counter stops one with
    many addresses, and is far looser, since it also slows down the owner.
    """

    def __init__(self, address_attempts: int) -> None:
        self._address = Backoff(
            "address",
            address_attempts,
            pause=timedelta(minutes=1),
            longest=timedelta(minutes=15),
            forget=timedelta(minutes=30),
            shared=True,
        )
        self._pair = Backoff(
            "pair",
            5,
            pause=timedelta(seconds=30),
            longest=timedelta(minutes=15),
            forget=timedelta(hours=1),
        )
        self._account = Backoff(
            "account",
            50,
            pause=timedelta(minutes=1),
            longest=timedelta(minutes=15),
            forget=timedelta(hours=1),
        )

    def of_address(self, address: str) -> Sequence[Count]:
        return (Count(self._address, address),)

    def of_account(self, account: str, address: str) -> Sequence[Count]:
        return (
            *self.of_address(address),
            Count(self._pair, f"{account}:{address}"),
            Count(self._account, account),
        )
