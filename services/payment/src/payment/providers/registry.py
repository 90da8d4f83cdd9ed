"""The providers that are connected, by name."""

from collections.abc import Iterator, Sequence

from pyreqwest.client import Client

from chassis.errors import FieldError, InvalidFields, NotFound, Sentence
from payment.providers.port import Provider
from payment.providers.settings import ProviderSettings
from payment.providers.zarinpal import ZarinPal
from payment.providers.zibal import Zibal

UNKNOWN = Sentence("این درگاه پرداخت شناخته نیست.", "This payment provider is not known.")


class Providers:
    """In order of preference: the first is the one that a buyer who does not choose gets."""

    def __init__(self, providers: Sequence[Provider]) -> None:
        self._providers = {provider.name: provider for provider in providers}

    @property
    def all(self) -> Sequence[Provider]:
        return list(self._providers.values())

    def named(self, name: str) -> Provider:
        """Raises ``NotFound`` for a provider that is not connected."""
        provider = self._providers.get(name)
        if provider is None:
            raise NotFound
        return provider

    def chosen(self, name: str | None) -> Provider:
        """The buyer's choice, or ours; raises ``InvalidFields`` for an unknown one."""
        if name is None:
            return next(iter(self._providers.values()))
        if name not in self._providers:
            raise InvalidFields(errors=[FieldError("provider", "unknown_provider", UNKNOWN)])
        return self._providers[name]


def connected(settings: ProviderSettings, client: Client) -> Iterator[Provider]:
    """Those whose credentials are set, in the order in which they are preferred."""
    yield ZarinPal(
        settings.zarinpal_url,
        settings.zarinpal_merchant_id,
        settings.zarinpal_refund_token,
        client,
        page_url=settings.zarinpal_page_url,
    )
    if settings.zibal_merchant:
        yield Zibal(settings.zibal_url, settings.zibal_merchant, client, page_url=settings.zibal_page_url)
