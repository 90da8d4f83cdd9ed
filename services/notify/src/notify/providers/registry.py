"""The providers that are connected, by name."""

from collections.abc import Callable, Mapping

from pyreqwest.client import Client

from notify.providers.ghasedak import Ghasedak
from notify.providers.ippanel import IpPanel
from notify.providers.kavenegar import Kavenegar
from notify.providers.melipayamak import MeliPayamak
from notify.providers.port import SmsProvider
from notify.providers.settings import ProviderSettings
from notify.providers.smsir import SmsIr

Maker = Callable[[ProviderSettings, Client], SmsProvider]


class Providers(dict[str, SmsProvider]):
    """By name."""


def connected(settings: ProviderSettings, client: Client) -> Providers:
    """Those whose secret is known."""
    made = [make(settings, client) for secret, make in MAKERS.items() if getattr(settings, secret)]
    return Providers({provider.name: provider for provider in made})


def _kavenegar(told: ProviderSettings, client: Client) -> SmsProvider:
    return Kavenegar(client, told.kavenegar_base_url, told.kavenegar_api_key, told.kavenegar_line)


def _smsir(told: ProviderSettings, client: Client) -> SmsProvider:
    return SmsIr(client, told.smsir_base_url, told.smsir_api_key, told.smsir_line)


def _ghasedak(told: ProviderSettings, client: Client) -> SmsProvider:
    return Ghasedak(client, told.ghasedak_base_url, told.ghasedak_api_key, told.ghasedak_line)


def _melipayamak(told: ProviderSettings, client: Client) -> SmsProvider:
    return MeliPayamak(
        client,
        told.melipayamak_base_url,
        told.melipayamak_username,
        told.melipayamak_password,
        told.melipayamak_line,
    )


def _ippanel(told: ProviderSettings, client: Client) -> SmsProvider:
    return IpPanel(client, told.ippanel_base_url, told.ippanel_api_key, told.ippanel_line)


MAKERS: Mapping[str, Maker] = {
    "kavenegar_api_key": _kavenegar,
    "smsir_api_key": _smsir,
    "ghasedak_api_key": _ghasedak,
    "melipayamak_password": _melipayamak,
    "ippanel_api_key": _ippanel,
}
"""By the setting that holds the provider's secret."""
