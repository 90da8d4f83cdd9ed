"""What the payment service is told by its environment."""

from collections.abc import Iterator, Sequence

from pydantic import Field

from iran import Service
from payment.providers.settings import ProviderSettings


class Settings(ProviderSettings):
    """Periods are seconds. ``data_keys`` is the keyring of sealed columns, of which the first key seals;
    ``index_key`` that of the blind indexes of national codes, identity's own.

    ``public_url`` is where browsers reach the gateway; ``return_url`` is where the buyer goes after the
    bank, with the place of the payment's id. The sweeper asks about a payment ``ask_after`` it came to the
    bank or became unknown, then ``ask_every`` until ``ask_rarely_after``, then ``ask_rarely``: the first
    steps catch a lost callback, the others lie inside every provider's time for verifying. Buyers are
    reminded of a bill ``remind_before`` it is due.

    A provider's day is reconciled ``reconcile_after`` it is over.
    """

    data_keys: str = Field(repr=False)
    index_key: str = Field(repr=False)
    public_url: str = "http://127.0.0.1:8000"
    return_url: str = "/payments/{payment_id}"

    bill_company: int = Field(default=123, ge=0, le=999)
    bill_service: int = Field(default=Service.OTHER, ge=0, le=9)

    remind_every: float = 5
    remind_before: tuple[float, ...] = (3 * 86_400, 86_400)

    sweep_every: float = 5
    ask_after: tuple[float, ...] = (60, 180, 360, 720, 960, 1200, 1500, 1740, 2400)
    ask_every: float = Field(default=3600, gt=0)
    ask_rarely_after: float = 2 * 86_400
    ask_rarely: float = Field(default=86_400, gt=0)
    start_grace: float = 120
    return_every: float = 2
    return_retry: tuple[float, ...] = (5, 30, 120, 600, 1200, 1700)
    return_retry_every: float = 3600
    refund_accounts_every: float = 5
    ledger_check_every: float = Field(default=900, gt=0)

    blocked_lists_every: float = 5
    differences_every: float = 60
    reconcile_every: float = 60
    reconcile_after: float = 2 * 3600

    @property
    def ask_steps(self) -> Sequence[float]:
        """All the steps before it is asked rarely."""
        return (*self.ask_after, *_evenly(self.ask_after[-1], self.ask_every, self.ask_rarely_after))


def _evenly(start: float, step: float, end: float) -> Iterator[float]:
    moment = start + step
    while moment <= end:
        yield moment
        moment += step
