"""What notify is told by its environment."""

from pydantic import Field

from notify.providers.settings import ProviderSettings


class Settings(ProviderSettings):
    """Periods are seconds."""

    data_keys: str = Field(repr=False)
    public_url: str = "http://127.0.0.1:8000"
    """Where people reach the frontend; links in messages begin with it."""
    sending_lease: float = 30
    """Longer than all providers together may take for a message: when a sender died, how long its messages
    wait for another."""
    delivery_first_asked_after: float = 300
    """Kavenegar knows a delivery state after five minutes at the earliest."""
    delivery_asked_every: float = 30
    credit_asked_every: float = 300
    circuit_failures: int = Field(default=3, gt=0)
    circuit_rest: float = Field(default=5, gt=0)
    """So many failures in a row leave a provider alone for so long."""
