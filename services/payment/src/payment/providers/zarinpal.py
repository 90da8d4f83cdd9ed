"""ZarinPal v4. Its ``data`` and ``errors`` change shape: the one that says nothing is an empty array."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from pyreqwest.client import Client
from pyreqwest.exceptions import PyreqwestError

from chassis.logging import get_logger
from payment.providers.capabilities import CAPABILITIES
from payment.providers.port import (
    Callback,
    Conflict,
    NotPaid,
    Opened,
    PaymentOrder,
    Refused,
    Returned,
    SessionState,
    Unanswered,
    Verified,
)

log = get_logger(__name__)

CURRENCY = "IRR"
SUCCESS = 100
PAID_CODES = frozenset({100, 101})
"""101 says that it was verified before: paid all the same."""
VERIFY_REFUSALS: Mapping[int, NotPaid | Conflict] = {-50: Conflict(), -51: NotPaid()}
NOTHING_LEFT = -61
SERVER_ERRORS = 500
STATES: Mapping[str, SessionState] = {state.name: state for state in SessionState}

AUTHORITY = re.compile(r"[A-Za-z0-9]{20,64}")
STATUSES = frozenset({"OK", "NOK"})


class ZarinPal:
    """``url`` is the provider's origin; the client must follow no redirect and be bounded in time.

    ``page_url`` is its origin for browsers, when another one: a simulator has a name among services only.
    """

    name = "zarinpal"
    capabilities = CAPABILITIES["zarinpal"]

    def __init__(
        self, url: str, merchant_id: str, refund_token: str, client: Client, *, page_url: str = ""
    ) -> None:
        self._url = url.rstrip("/")
        self._page_url = (page_url or url).rstrip("/")
        self._merchant_id = merchant_id
        self._refund_token = refund_token
        self._client = client

    async def request(self, order: PaymentOrder) -> Opened | Refused | Unanswered:
        body = {
            "amount": order.amount,
            "currency": CURRENCY,
            "description": order.description,
            "callback_url": order.callback_url,
            "metadata": {"order_id": str(order.payment_id), "auto_verify": False},
        }
        answer = await self._call("request", body)
        if isinstance(answer, Unanswered):
            return answer
        authority = str(answer.get("authority", ""))
        if answer["code"] != SUCCESS or not AUTHORITY.fullmatch(authority):
            return Refused(str(answer["code"]))
        return Opened(authority, f"{self._page_url}/pg/StartPay/{authority}")

    async def verify(self, authority: str, amount: int) -> Verified | NotPaid | Conflict | Unanswered:
        answer = await self._call("verify", {"authority": authority, "amount": amount})
        if isinstance(answer, Unanswered):
            return answer
        code = answer["code"]
        if code in PAID_CODES and answer.get("ref_id"):
            return Verified(str(answer["ref_id"]), amount, _masked(answer.get("card_pan")))
        return VERIFY_REFUSALS.get(code) or _not_understood("verify", code)

    async def inquire(self, authority: str) -> SessionState | Unanswered:
        answer = await self._call("inquiry", {"authority": authority})
        if isinstance(answer, Unanswered):
            return answer
        return STATES.get(str(answer.get("status"))) or _not_understood("inquiry", answer["code"])

    async def reverse(self, authority: str) -> Returned | Refused | Unanswered:
        return _returned(await self._call("reverse", {"authority": authority}))

    async def refund(self, authority: str, amount: int | None) -> Returned | Refused | Unanswered:
        body = {"authority": authority} | ({} if amount is None else {"amount": amount})
        return _returned(await self._call("refund", body, bearer=self._refund_token))

    async def unverified(self) -> Sequence[str] | Unanswered:
        answer = await self._call("unVerified", {})
        if isinstance(answer, Unanswered):
            return answer
        return [str(row["authority"]) for row in answer.get("authorities", ())]

    def read_callback(self, parameters: Mapping[str, str]) -> Callback | None:
        authority = parameters.get("Authority", "")
        if not AUTHORITY.fullmatch(authority):
            return None
        status = parameters.get("Status", "")
        return Callback(authority, {"Status": status if status in STATUSES else "other"})

    async def _call(
        self, operation: str, body: Mapping[str, object], bearer: str | None = None
    ) -> dict[str, Any] | Unanswered:
        """The half of the answer that says something; it always has an integer ``code``."""
        request = self._client.post(f"{self._url}/pg/v4/payment/{operation}.json").body_json(
            {"merchant_id": self._merchant_id, **body}
        )
        if bearer is not None:
            request = request.bearer_auth(bearer)
        try:
            response = await request.build().send()
            if response.status >= SERVER_ERRORS:
                return Unanswered(f"HTTP {response.status}")
            return _telling_half(await response.json())
        except PyreqwestError as error:
            return Unanswered(type(error).__name__)


def _telling_half(document: object) -> dict[str, Any] | Unanswered:
    if not isinstance(document, dict):
        return Unanswered("not an object")
    for half in (document.get("data"), document.get("errors")):
        if isinstance(half, dict) and isinstance(half.get("code"), int):
            return half
    return Unanswered("neither data nor errors")


def _returned(answer: dict[str, Any] | Unanswered) -> Returned | Refused | Unanswered:
    if isinstance(answer, Unanswered):
        return answer
    code = answer["code"]
    return Returned() if code == SUCCESS else Refused(str(code), nothing_left=code == NOTHING_LEFT)


def _not_understood(operation: str, code: object) -> Unanswered:
    """A refusal that tells nothing about the money, such as too many attempts or a wrong merchant."""
    log.warning("payment.provider.refused", provider=ZarinPal.name, operation=operation, refusal=code)
    return Unanswered(f"code {code}")


def _masked(pan: object) -> str | None:
    """A masked card number as it came; anything with all its digits is not kept."""
    return pan if isinstance(pan, str) and "*" in pan else None
