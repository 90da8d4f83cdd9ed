"""What the payment service is told by its environment."""

from pydantic import Field

from chassis.config import ServiceSettings
from iran import Service


class Settings(ServiceSettings):
    """Periods are seconds. ``data_keys`` is the keyring of sealed columns, of which the first key seals.

    ``public_url`` is where browsers reach the gateway; ``return_url`` is where the buyer goes after the
    bank, with the place of the payment's id. ``zarinpal_page_url`` is where browsers reach the bank, if that
    is not where this service does. The sweeper asks about a payment ``ask_after`` it came to
    the bank or became unknown, then ``ask_every``: the first steps catch a lost callback, the others lie
    inside the provider's 30 minutes for verifying. Buyers are reminded of a bill ``remind_before`` it is due.
    """

    data_keys: str = Field(repr=False)
    public_url: str = "http://127.0.0.1:8000"
    return_url: str = "/payments/{payment_id}"

    bill_company: int = Field(default=123, ge=0, le=999)
    bill_service: int = Field(default=Service.OTHER, ge=0, le=9)

    remind_every: float = 5
    remind_before: tuple[float, ...] = (3 * 86_400, 86_400)

    provider_timeout: float = Field(default=10, gt=0)
    zarinpal_url: str = "https://payment.zarinpal.com"
    zarinpal_page_url: str = ""
    zarinpal_merchant_id: str = Field(min_length=36, max_length=36, repr=False)
    zarinpal_refund_token: str = Field(default="", repr=False)

    sweep_every: float = 5
    ask_after: tuple[float, ...] = (60, 180, 360, 720, 960, 1200, 1500, 1740, 2400)
    ask_every: float = 3600
    start_grace: float = 120
    return_every: float = 2
    return_retry: tuple[float, ...] = (5, 30, 120, 600, 1200, 1700)
    return_retry_every: float = 3600
    refund_accounts_every: float = 5
