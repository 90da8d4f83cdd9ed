"""The providers that are connected, by name, and how each of them is doing."""

from collections.abc import Collection, Iterator, Sequence

from prometheus_client import Gauge
from pyreqwest.client import Client

from chassis.circuit import Circuit
from chassis.clock import Clock
from chassis.errors import NotFound
from chassis.logging import get_logger
from payment.providers.mellat import Account, Mellat
from payment.providers.port import Provider
from payment.providers.sadad import Sadad, Terminal
from payment.providers.sep import Sep
from payment.providers.settings import ProviderSettings
from payment.providers.zarinpal import ZarinPal
from payment.providers.zibal import Zibal

OPEN = Gauge("payment_provider_circuit_open", "1 while a provider is left alone.", ["provider"])

log = get_logger(__name__)


class Providers:
    """``failures`` calls in a row without an answer let a provider rest for ``seconds``, then one payment
    tries it. Every process learns for itself: its first failures go on to another provider."""

    def __init__(
        self, providers: Sequence[Provider], clock: Clock, *, failures: int = 5, seconds: float = 30
    ) -> None:
        self._providers = {provider.name: provider for provider in providers}
        self._circuits = {
            name: Circuit(failures, seconds, lambda: clock().timestamp()) for name in self._providers
        }

    @property
    def names(self) -> Collection[str]:
        return self._providers.keys()

    @property
    def resting(self) -> Collection[str]:
        return {name for name, circuit in self._circuits.items() if circuit.rests}

    @property
    def all(self) -> Sequence[Provider]:
        return tuple(self._providers.values())

    def named(self, name: str) -> Provider:
        """Raises ``NotFound`` for a provider that is not connected."""
        provider = self._providers.get(name)
        if provider is None:
            raise NotFound
        return provider

    def note(self, name: str, *, failed: bool) -> None:
        """That a call of the provider came to something, or to nothing."""
        circuit = self._circuits[name]
        if circuit.failed() if failed else circuit.succeeded():
            OPEN.labels(name).set(failed)
            log.warning(f"payment.provider_circuit.{'opened' if failed else 'closed'}", provider=name)

    def trying(self, name: str) -> None:
        """A payment is sent to the provider; of one that has rested, it is the one that tries it."""
        self._circuits[name].lets_pass()


def providers_of(settings: ProviderSettings, client: Client, clock: Clock) -> Providers:
    """The connected ones, with their circuits as the settings have them."""
    return Providers(
        tuple(connected(settings, client, clock)),
        clock,
        failures=settings.provider_failures,
        seconds=settings.provider_rest,
    )


def connected(settings: ProviderSettings, client: Client, clock: Clock) -> Iterator[Provider]:
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
    if settings.sep_terminal_id:
        yield Sep(settings.sep_url, settings.sep_terminal_id, client, page_url=settings.sep_page_url)
    if settings.mellat_password:
        account = Account(settings.mellat_terminal_id, settings.mellat_user_name, settings.mellat_password)
        yield Mellat(settings.mellat_url, account, client, clock, page_url=settings.mellat_page_url)
    if settings.sadad_terminal_key:
        terminal = Terminal(
            settings.sadad_acceptor_id,
            settings.sadad_terminal_id,
            settings.sadad_terminal_key,
            binds_card=settings.sadad_binds_card,
        )
        yield Sadad(settings.sadad_url, terminal, client, clock, page_url=settings.sadad_page_url)
