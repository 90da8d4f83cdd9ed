"""The providers that this installation has a contract with."""

from collections.abc import Iterator

from pyreqwest.client import Client

from chassis.clock import Clock
from identity.inquiries.domain import Likeness
from identity.inquiries.providers.finnotech import Finnotech
from identity.inquiries.providers.jibit import Jibit
from identity.inquiries.providers.port import InquiryProvider
from identity.inquiries.providers.zohal import Zohal
from identity.inquiries.settings import InquirySettings


def providers(settings: InquirySettings, client: Client, clock: Clock) -> Iterator[InquiryProvider]:
    """Those whose credentials are set."""
    alike = Likeness(settings.inquiry_first_name_likeness, settings.inquiry_last_name_likeness)
    if settings.finnotech_client_secret:
        yield Finnotech(
            client,
            settings.finnotech_url,
            settings.finnotech_client_id,
            settings.finnotech_client_secret,
            settings.finnotech_company_id,
            likeness=alike,
            clock=clock,
            paths=settings.finnotech_paths,
        )
    if settings.jibit_secret_key:
        yield Jibit(
            client,
            settings.jibit_url,
            settings.jibit_api_key,
            settings.jibit_secret_key,
            likeness=alike,
            clock=clock,
        )
    if settings.zohal_token:
        yield Zohal(client, settings.zohal_url, settings.zohal_token, likeness=alike)
