"""What the gateway is told by its environment."""

from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import Annotated

from pydantic import AfterValidator, BaseModel, BeforeValidator, Field, PositiveFloat, PositiveInt
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from chassis.ended_sessions import READ_EVERY
from gateway.routes import RateClass, Service


def _split(value: object) -> object:
    return [part.strip() for part in value.split(",") if part.strip()] if isinstance(value, str) else value


def _addresses(urls: tuple[str, ...]) -> tuple[str, ...]:
    for url in urls:
        if not url.startswith(("http://", "https://")):
            raise ValueError(f"not an http address: {url}")
    return tuple(url.rstrip("/") for url in urls)


def _networks(values: tuple[str, ...]) -> tuple[str, ...]:
    if any(network.prefixlen == 0 for network in map(ip_network, values)):
        raise ValueError("trusting every address is the same as checking none")
    return values


List = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_split)]
"""Comma-separated in the environment."""

Urls = Annotated[List, AfterValidator(_addresses)]


class Allowance(BaseModel):
    """A token bucket: it holds ``burst`` requests and fills with ``per_second``."""

    per_second: PositiveFloat
    burst: PositiveInt


class Limit(BaseModel):
    """What one address, and one logged-in person, may ask of a class of routes."""

    address: Allowance
    subject: Allowance


def _limit(address: tuple[float, int], subject: tuple[float, int]) -> Limit:
    return Limit(
        address=Allowance(per_second=address[0], burst=address[1]),
        subject=Allowance(per_second=subject[0], burst=subject[1]),
    )


DEFAULT_LIMITS = {
    RateClass.CREDENTIALS: _limit(address=(10, 300), subject=(1, 20)),
    RateClass.LOOKUP: _limit(address=(5, 150), subject=(2, 30)),
    RateClass.WRITE: _limit(address=(50, 1000), subject=(5, 50)),
    RateClass.READ: _limit(address=(200, 2000), subject=(20, 200)),
}
"""Wide for an address, since an office or a mobile operator's subscribers share one; narrow for a person."""


class Settings(BaseSettings):
    """Read from environment variables of the same names in capitals (``SALES_URLS``).

    ``*_urls`` name the processes of a service, comma-separated. ``limit_factor`` multiplies all rate
    limits; 0 switches them off. Who knows ``portal_key`` is
    believed what address its visitor has. Who listens to changes hears of them within ``live_poll_seconds``.
    """

    model_config = SettingsConfigDict(frozen=True, extra="ignore")

    identity_urls: Urls
    sales_urls: Urls
    payment_urls: Urls
    notify_urls: Urls
    portal_urls: Urls = ()
    portal_key: str = Field(default="", repr=False)

    jwks_url: str
    token_issuer: str = "nobat"
    token_audience: str = "nobat-api"
    ended_sessions_every: PositiveFloat = READ_EVERY

    host: str = "127.0.0.1"
    port: int = 8000
    internal_host: str = "127.0.0.1"
    internal_port: int = 8001
    log_level: str = "INFO"

    trusted_proxies: Annotated[List, AfterValidator(_networks)] = ()
    cors_origins: List = ()

    limits: dict[RateClass, Limit] = Field(default_factory=dict)
    limit_factor: float = Field(default=1, ge=0)
    limited_clients: PositiveInt = 100_000

    breaker_failures: PositiveInt = 5
    breaker_seconds: PositiveFloat = 2
    discovery_seconds: PositiveFloat = 1
    max_in_flight: PositiveInt = 2_000
    part_seconds: PositiveFloat = 2
    document_seconds: PositiveFloat = 60

    live_poll_seconds: PositiveFloat = 1
    heartbeat_seconds: PositiveInt = 20
    max_listeners: PositiveInt = 50_000
    max_listeners_of_a_person: PositiveInt = 10

    head_seconds: PositiveFloat = 15
    head_bytes: PositiveInt = 32_768
    body_seconds: PositiveFloat = 20
    drain_delay: float = Field(default=0, ge=0)

    @property
    def urls(self) -> dict[Service, tuple[str, ...]]:
        return {service: getattr(self, f"{service}_urls") for service in Service}

    @property
    def all_limits(self) -> dict[RateClass, Limit]:
        return {**DEFAULT_LIMITS, **self.limits}

    @property
    def trusted_networks(self) -> tuple[IPv4Network | IPv6Network, ...]:
        return tuple(ip_network(value) for value in self.trusted_proxies)
