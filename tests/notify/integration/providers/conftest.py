"""The adapters of all providers, at whatever address."""

from collections.abc import Callable

import pytest

from chassis.http import new_client
from notify.providers.port import SmsProvider
from notify.providers.registry import connected
from notify.providers.settings import ProviderSettings

NAMES = ("kavenegar", "smsir", "ghasedak", "melipayamak", "ippanel")


@pytest.fixture
def adapter() -> Callable[..., SmsProvider]:
    """``adapter("smsir", url)``: as the service makes it; ``secret`` is its key or password."""

    def make(name: str, url: str, *, secret: str | None = None, timeout: float = 20) -> SmsProvider:
        keys = {f"{each}_api_key": f"{each}-api-key" for each in NAMES if each != "melipayamak"}
        keys["melipayamak_password"] = "melipayamak-password"
        told = ProviderSettings.model_validate(
            {
                **dict.fromkeys(("database_url", "amqp_url", "jwks_url", "event_keys"), "none"),
                "kavenegar_base_url": url,
                **{f"{each}_base_url": f"{url}/{each}" for each in NAMES[1:]},
                **(dict.fromkeys(keys, secret) if secret else keys),
                "kavenegar_line": "2000660110",
                "smsir_line": "30007732000000",
                "ghasedak_line": "210002100",
                "melipayamak_line": "50004001000000",
                "melipayamak_username": "nobat",
                "ippanel_line": "+983000505",
            }
        )
        return connected(told, new_client(timeout=timeout))[name]

    return make


@pytest.fixture(params=NAMES)
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)
