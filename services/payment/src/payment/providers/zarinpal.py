"""ZarinPal v4. Its ``data`` and ``errors`` change shape: the one that says nothing is an empty array."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from pyreqwest.client import Client

from payment.providers.capabilities import CAPABILITIES
from payment.providers.port import (
    BankSession,
    Callback,
    Conflict,
    Form,
    Inquiry,
    NotPaid,
    Opened,
    PaymentOrder,
    Refused,
    Returned,
    Sending,
    SessionState,
    Unanswered,
    Verification,
    Verified,
)
from payment.providers.wire import answered, masked, not_understood

CURRENCY = "IRR"
SUCCESS = 100
PAID_CODES = frozenset({100, 101})
"""101 says that it was verified before: paid all the same."""
VERIFY_REFUSALS: Mapping[int, NotPaid | Conflict] = {-50: Conflict(), -51: NotPaid()}
NOTHING_LEFT = -61
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

    def handover(self, authority: str) -> Form | None:
        return None

    async def verify(self, session: BankSession) -> Verification:
        answer = await self._call("verify", {"authority": session.authority, "amount": session.amount})
        if isinstance(answer, Unanswered):
            return answer
        code = answer["code"]
        if code in PAID_CODES and answer.get("ref_id"):
            return Verified(str(answer["ref_id"]), session.amount, masked(answer.get("card_pan")))
        return VERIFY_REFUSALS.get(code) or not_understood(self.name, "verify", code)

    async def inquire(self, session: BankSession) -> Inquiry:
        answer = await self._call("inquiry", {"authority": session.authority})
        if isinstance(answer, Unanswered):
            return answer
        return STATES.get(str(answer.get("status"))) or not_understood(self.name, "inquiry", answer["code"])

    async def reverse(self, session: BankSession) -> Sending:
        return _returned(await self._call("reverse", {"authority": session.authority}))

    async def refund(self, session: BankSession, amount: int | None) -> Sending:
        body = {"authority": session.authority} | ({} if amount is None else {"amount": amount})
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
        document = await answered(request)
        return document if isinstance(document, Unanswered) else _telling_half(document)


def _telling_half(document: Mapping[str, Any]) -> dict[str, Any] | Unanswered:
    for half in (document.get("data"), document.get("errors")):
        if isinstance(half, dict) and isinstance(half.get("code"), int):
            return half
    return Unanswered("neither data nor errors")


def _returned(answer: dict[str, Any] | Unanswered) -> Sending:
    if isinstance(answer, Unanswered):
        return answer
    code = answer["code"]
    return Returned() if code == SUCCESS else Refused(str(code), nothing_left=code == NOTHING_LEFT)
