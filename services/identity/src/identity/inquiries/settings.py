"""Which inquiry providers there are, in which order they are asked, and how hard."""

from typing import Annotated

from pydantic import Field

from chassis.config import ServiceSettings
from identity.inquiries.domain import Kind

ProviderUrl = Annotated[str, Field(pattern=r"^https?://[^/?#@\s]+[^?#@\s]*$")]
"""The only places that are asked: nothing that a person types becomes part of an address's host."""

EVERY_PROVIDER = ("finnotech", "jibit", "zohal")


class InquirySettings(ServiceSettings):
    """A provider without credentials is not asked; without any, inquiries wait. Periods are seconds.

    ``inquiry_order`` names the providers of each kind, the first choice first. ``inquiries_at_once`` are in
    hand in one worker. Runs ask ``inquiry_run_rate`` times a second in all workers together, others are not
    held back.
    After an outage a person is asked about again ``inquiry_first_pause`` later, then twice as long,
    ``inquiry_longest_pause`` at most. ``inquiry_lease`` is how long a dead worker holds back what it had
    taken: longer than all providers may take together. ``inquiry_breaker_failures`` outages in a row spare a
    provider for ``inquiry_breaker_seconds``. Names count as the same from a likeness (of 100) on.
    """

    inquiry_order: dict[Kind, tuple[str, ...]] = dict.fromkeys(Kind, EVERY_PROVIDER)
    inquiries_at_once: int = Field(default=32, gt=0)
    inquiry_run_rate: float = Field(default=50, gt=0)
    inquiry_timeout: float = Field(default=8, gt=0)
    inquiry_lease: float = Field(default=180, gt=0)
    inquiry_first_pause: float = Field(default=60, gt=0)
    inquiry_longest_pause: float = Field(default=6 * 3600, gt=0)
    inquiry_breaker_failures: int = Field(default=5, gt=0)
    inquiry_breaker_seconds: float = Field(default=30, gt=0)
    inquiry_first_name_likeness: int = Field(default=80, ge=0, le=100)
    inquiry_last_name_likeness: int = Field(default=80, ge=0, le=100)

    finnotech_url: ProviderUrl = "https://api.finnotech.ir"
    finnotech_client_id: str = "nobat"
    finnotech_client_secret: str = Field(default="", repr=False)
    finnotech_company_id: str = ""
    finnotech_paths: dict[Kind, str] = {}  # noqa: RUF012 - pydantic copies it
    jibit_url: ProviderUrl = "https://napi.jibit.ir/ide"
    jibit_api_key: str = Field(default="", repr=False)
    jibit_secret_key: str = Field(default="", repr=False)
    zohal_url: ProviderUrl = "https://service.zohal.io/api/v0"
    zohal_token: str = Field(default="", repr=False)
