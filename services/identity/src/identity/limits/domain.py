"""How often something may happen, and how long a guesser waits.

Sources: OWASP ASVS 5.0 6.3.1, 6.6.3; NIST SP 800-63B 5.2.2.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import UUID

from chassis.errors import Problem
from chassis.quotas import Quota


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
    Quota("code.hour", 6, timedelta(hours=1)),
    Quota("code.day", 10, timedelta(days=1)),
)
CODES_OF_AN_ADDRESS = (
    Quota("code.address", 15, timedelta(hours=1)),
    Quota("code.address_day", 60, timedelta(days=1)),
)
RESEND_GAP = timedelta(seconds=60)
ONE_AT_A_TIME = Quota("code.gap", 1, RESEND_GAP)
OWNER_WARNED = Quota("registration.repeated", 1, timedelta(hours=1))
TRIES_OF_A_PERSON = Backoff(
    "code",
    15,
    pause=timedelta(minutes=1),
    longest=timedelta(minutes=15),
    forget=timedelta(hours=6),
)
"""Over all codes of one purpose that a person gets, from wherever they are tried."""


class CodeRules:
    """How many codes go out: to one mobile, at the request of one address, and to everybody.

    A code that is used gives its address back what it took, so that many people behind one address, as
    mobile operators have them, are not in each other's way; who asks for codes and never uses them is.
    ``address_codes`` are those of an hour; a day's are in proportion.
    """

    def __init__(self, address_codes: int, sms_per_hour: int, sms_per_day: int) -> None:
        self.of_mobile = CODES_OF_A_MOBILE
        hour, day = CODES_OF_AN_ADDRESS
        self.of_address = (
            replace(hour, limit=address_codes),
            replace(day, limit=address_codes * day.limit // hour.limit),
        )
        self.budget = (
            Quota("sms.hour", sms_per_hour, timedelta(hours=1)),
            Quota("sms.day", sms_per_day, timedelta(days=1)),
        )


class SmsBudgetSpent(Problem):
    status = 503
    code = "sms_budget_spent"
    fa = "اکنون پیامک تازه‌ای فرستاده نمی‌شود؛ {retry_after} ثانیه‌ی دیگر دوباره تلاش کنید."
    en = "No more codes are sent at the moment; try again in {retry_after} seconds."

    def __init__(self, retry_after: int) -> None:
        super().__init__(headers={"Retry-After": str(retry_after)}, retry_after=retry_after)


def _guessing(name: str, free: int) -> Backoff:
    return Backoff(
        name, free, pause=timedelta(seconds=30), longest=timedelta(minutes=15), forget=timedelta(hours=1)
    )


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
        self._pair = _guessing("pair", 5)
        self._account = Backoff(
            "account",
            50,
            pause=timedelta(minutes=1),
            longest=timedelta(minutes=15),
            forget=timedelta(hours=1),
        )

        self._device = _guessing("device", 5)
        self._person = _guessing("person", 10)

    def of_address(self, address: str) -> Sequence[Count]:
        return (Count(self._address, address),)

    def of_device(self, device_id: UUID) -> Sequence[Count]:
        """A remembered device counts by itself, so that nobody else's guesses keep its owner out."""
        return (Count(self._device, device_id.hex),)

    def of_person(self, customer_id: UUID, address: str) -> Sequence[Count]:
        """Of secrets that somebody is asked for who is logged in."""
        return (*self.of_address(address), Count(self._person, customer_id.hex))

    def of_account(self, account: str, address: str) -> Sequence[Count]:
        return (*self.of_address(address), *self.of_login(account, address))

    def of_login(self, account: str, address: str) -> Sequence[Count]:
        """What stops a guesser of one account only."""
        return (Count(self._pair, f"{account}:{address}"), Count(self._account, account))
