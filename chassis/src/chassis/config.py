"""What every process is told by its environment."""

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from chassis.ended_sessions import READ_EVERY
from chassis.messaging.leases import LEASE_SECONDS
from chassis.messaging.subscription import RETRY_DELAYS


class ServiceSettings(BaseSettings):
    """Settings that all services share; a service's own class adds to them.

    Read from environment variables of the same names in capitals (``DATABASE_URL``). Secrets come
    from there or from files in ``/run/secrets`` and are kept out of ``repr`` and of error messages.

    Periods are seconds: for ``outbox_lease`` a relay that died holds back what it had taken;
    ``retry_delays`` lie between the tries of a message; ``ended_sessions_every`` lies between two readings
    of the list of ended sessions.
    """

    model_config = SettingsConfigDict(
        frozen=True, secrets_dir=None, extra="ignore", hide_input_in_errors=True
    )

    database_url: str = Field(repr=False)
    amqp_url: str = Field(repr=False)
    pool_size: int = 8
    jwks_url: str
    token_issuer: str = "nobat"
    token_audience: str = "nobat-api"
    ended_sessions_every: float = Field(default=READ_EVERY, gt=0)
    event_keys: str = Field(repr=False)
    host: str = "127.0.0.1"
    port: int = 8000
    log_level: str = "INFO"
    outbox_lease: float = Field(default=LEASE_SECONDS, gt=0)
    retry_delays: tuple[float, ...] = RETRY_DELAYS
