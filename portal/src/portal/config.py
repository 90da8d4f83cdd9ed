"""What the portal is told by its environment."""

from pydantic import Field, PositiveFloat
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """``gateway_url`` is where the API is; ``portal_key`` is the secret by which the gateway believes what
    address a visitor has. ``session_keys`` is the keyring of cookies, of which the first key seals.

    Pages that are the same for everybody are kept ``page_seconds``; for ``stale_seconds`` more an old one is
    shown when no new one can be had.
    """

    model_config = SettingsConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)

    gateway_url: str
    portal_key: str = Field(min_length=16, repr=False)
    session_keys: str = Field(repr=False)
    host: str = "127.0.0.1"
    port: int = 8000
    log_level: str = "INFO"
    answer_seconds: PositiveFloat = 20
    page_seconds: float = Field(default=1, ge=0)
    stale_seconds: float = Field(default=60, ge=0)
