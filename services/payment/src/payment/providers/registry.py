"""The providers that are connected, by name."""

from collections.abc import Sequence

from chassis.errors import FieldError, InvalidFields, NotFound, Sentence
from payment.providers.port import Provider

UNKNOWN = Sentence("این درگاه پرداخت شناخته نیست.", "This payment provider is not known.")


class Providers:
    """In order of preference: the first is the one that a buyer who does not choose gets."""

    def __init__(self, providers: Sequence[Provider]) -> None:
        self._providers = {provider.name: provider for provider in providers}

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
