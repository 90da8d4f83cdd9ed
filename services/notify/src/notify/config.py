"""What notify is told by its environment."""

from pydantic import Field

from chassis.config import ServiceSettings


class Settings(ServiceSettings):
    """Periods are seconds."""

    data_keys: str = Field(repr=False)
    public_url: str = "http://127.0.0.1:8000"
    """Where people reach the frontend; links in messages begin with it."""
    kavenegar_base_url: str = "https://api.kavenegar.com"
    kavenegar_api_key: str = Field(repr=False)
    kavenegar_line: str
    """The number that texts come from; codes come from a line the provider chooses."""
    provider_timeout: float = 10
    sending_lease: float = 30
    """Longer than ``provider_timeout``: when a sender died, how long its messages wait for another."""
    delivery_first_asked_after: float = 300
    """Kavenegar knows a delivery state after five minutes at the earliest."""
    delivery_asked_every: float = 30
