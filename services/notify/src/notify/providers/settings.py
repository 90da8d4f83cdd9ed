"""What notify is told of the SMS providers by its environment."""

from pydantic import Field

from chassis.config import ServiceSettings


class ProviderSettings(ServiceSettings):
    """A provider without a key, or a password, is not connected. A line is the number that texts come from;
    codes come from one that the provider chooses. ``provider_timeout`` is in seconds.
    """

    kavenegar_base_url: str = "https://api.kavenegar.com"
    kavenegar_api_key: str = Field(repr=False)
    kavenegar_line: str
    smsir_base_url: str = "https://api.sms.ir"
    smsir_api_key: str = Field(default="", repr=False)
    smsir_line: str = ""
    ghasedak_base_url: str = "https://gateway.ghasedak.me"
    ghasedak_api_key: str = Field(default="", repr=False)
    ghasedak_line: str = ""
    melipayamak_base_url: str = "https://rest.payamak-panel.com"
    melipayamak_username: str = ""
    melipayamak_password: str = Field(default="", repr=False)
    melipayamak_line: str = ""
    ippanel_base_url: str = "https://edge.ippanel.com"
    ippanel_api_key: str = Field(default="", repr=False)
    ippanel_line: str = ""
    provider_timeout: float = 4
    """Of a request; less than the five seconds within which another provider is to have a message."""
