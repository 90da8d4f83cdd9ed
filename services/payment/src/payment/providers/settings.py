"""Which payment providers this installation has a contract with."""

import base64
import binascii
from typing import Annotated

from pydantic import AfterValidator, Field

from chassis.config import ServiceSettings

ProviderUrl = Annotated[str, Field(pattern=r"^https?://[^/?#@\s]+[^?#@\s]*$")]
"""The only places that are asked: nothing that a person types becomes part of an address's host."""

KEY_BYTES = 24


def _of_triple_des(key: str) -> str:
    try:
        length = len(base64.b64decode(key, validate=True))
    except binascii.Error:
        raise ValueError("the terminal's key is base64") from None
    if key and length != KEY_BYTES:
        raise ValueError(f"the terminal's key has {KEY_BYTES} bytes")
    return key


class ProviderSettings(ServiceSettings):
    """A provider without credentials is not connected. Each has an address for this service and one for
    browsers, ``..._page_url``, where these differ.

    ``provider_timeout`` is seconds for one call. ``provider_failures`` calls in a row without an answer
    spare a provider for ``provider_rest`` seconds. ``sadad_binds_card`` lets only cards of the buyer's
    national code pay at Sadad.
    """

    provider_timeout: float = Field(default=10, gt=0)
    provider_failures: int = Field(default=5, gt=0)
    provider_rest: float = Field(default=30, gt=0)

    zarinpal_url: ProviderUrl = "https://payment.zarinpal.com"
    zarinpal_page_url: str = ""
    zarinpal_merchant_id: str = Field(min_length=36, max_length=36, repr=False)
    zarinpal_refund_token: str = Field(default="", repr=False)

    zibal_url: ProviderUrl = "https://gateway.zibal.ir"
    zibal_page_url: str = ""
    zibal_merchant: str = Field(default="", repr=False)

    sep_url: ProviderUrl = "https://sep.shaparak.ir"
    sep_page_url: str = ""
    sep_terminal_id: int = Field(default=0, ge=0)

    mellat_url: ProviderUrl = "https://bpm.shaparak.ir"
    mellat_page_url: str = ""
    mellat_terminal_id: int = Field(default=0, ge=0)
    mellat_user_name: str = ""
    mellat_password: str = Field(default="", repr=False)

    sadad_url: ProviderUrl = "https://sadad.shaparak.ir"
    sadad_page_url: str = ""
    sadad_acceptor_id: str = ""
    sadad_terminal_id: str = ""
    sadad_terminal_key: Annotated[str, AfterValidator(_of_triple_des)] = Field(default="", repr=False)
    sadad_binds_card: bool = True
