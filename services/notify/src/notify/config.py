"""What notify is told by its environment."""

from typing import Annotated, Any

from pydantic import Field, field_validator
from pydantic_settings import NoDecode

from notify.messages.domain import Lane
from notify.providers.settings import ProviderSettings


class Settings(ProviderSettings):
    """Periods are seconds."""

    data_keys: str = Field(repr=False)
    public_url: str = "http://127.0.0.1:8000"
    """Where people reach the frontend; links in messages begin with it."""
    lanes: Annotated[frozenset[Lane], NoDecode] = Field(default=frozenset(Lane), min_length=1)
    """Whose queues a worker hears and whose messages it sends, by commas: ``code,transactional``. Of each
    lane there must be a worker."""
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

    @field_validator("lanes", mode="before")
    @classmethod
    def _by_commas(cls, value: Any) -> Any:
        return [name.strip() for name in value.split(",")] if isinstance(value, str) else value
