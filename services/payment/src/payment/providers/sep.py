"""Saman Electronic Payment (SEP), REST v3.3.

A paid session is known by the reference (``RefNum``) that its callback brings, and by nothing else. That a
reference pays for one order only is the merchant's to see to, its document says.
"""

import re
from collections.abc import Mapping
from typing import Any

from pyreqwest.client import Client

from payment.providers.capabilities import CAPABILITIES
from payment.providers.port import (
    BankSession,
    Callback,
    Claim,
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
from payment.providers.wire import answered, first_that_tells, integer, masked, not_understood

TRANSACTION = "/verifyTxnRandomSessionkey/ipg"
OPENED = 1
TAKEN = frozenset({0, 2})
"""2 says that it was asked before: verified, or reversed, all the same."""
REVERSED, TOO_LATE, NOT_FOUND = 5, -6, -2
REFUSALS: Mapping[int, NotPaid | SessionState] = {
    NOT_FOUND: NotPaid(),
    REVERSED: SessionState.REVERSED,
    TOO_LATE: SessionState.REVERSED,
}
"""What is not verified in half an hour goes back."""

TOKEN = re.compile(r"[A-Za-z0-9]{16,64}")
REFERENCE = re.compile(r"[A-Za-z0-9+/=._-]{1,50}")
STATUS_OK = "2"
STATUSES = frozenset({"1", STATUS_OK, "3", "4", "5", "8", "10", "11", "12", "21"})


class Sep:
    """``url`` is the provider's origin; the client must follow no redirect and be bounded in time."""

    name = "sep"
    capabilities = CAPABILITIES["sep"]

    def __init__(self, url: str, terminal_id: int, client: Client, *, page_url: str = "") -> None:
        self._url = url.rstrip("/")
        self._page_url = (page_url or url).rstrip("/")
        self._terminal_id = terminal_id
        self._client = client

    async def request(self, order: PaymentOrder) -> Opened | Refused | Unanswered:
        body = {
            "action": "token",
            "TerminalId": self._terminal_id,
            "Amount": order.amount,
            "ResNum": str(order.number),
            "RedirectUrl": order.callback_url,
            "TokenExpiryInMin": int(self.capabilities.session_life.total_seconds() // 60),
        }
        answer = await self._call("/onlinepg/onlinepg", body)
        if isinstance(answer, Unanswered):
            return answer
        token = str(answer.get("token", ""))
        if answer.get("status") != OPENED or not TOKEN.fullmatch(token):
            return Refused(str(answer.get("errorCode", "no_token")))
        return Opened(token, f"{self._page_url}/OnlinePG/SendToken?token={token}")

    def handover(self, authority: str) -> Form | None:
        return None

    async def verify(self, session: BankSession) -> Verification:
        return await first_that_tells(self._verify(claim) for claim in session.claims)

    async def _verify(self, claim: Claim) -> Verification:
        answer = await self._about(claim, "VerifyTransaction")
        if isinstance(answer, Unanswered):
            return answer
        code = answer["ResultCode"]
        if code not in TAKEN:
            return REFUSALS.get(code) or not_understood(self.name, "verify", code)
        return self._verified(claim, _detail(answer))

    def _verified(self, claim: Claim, detail: Mapping[str, Any]) -> Verified | Unanswered:
        """Of another terminal or under another reference it is no answer. ``OrginalAmount`` is their own."""
        amount = integer(detail.get("OrginalAmount"))
        is_ours = integer(detail.get("TerminalNumber")) == self._terminal_id
        if amount is None or not is_ours or detail.get("RefNum") != claim.reference:
            return Unanswered("another transaction")
        return Verified(claim.reference, amount, masked(detail.get("MaskedPan")))

    async def inquire(self, session: BankSession) -> Inquiry:
        """There is none: to ask is to verify."""
        return NotPaid()

    async def reverse(self, session: BankSession) -> Sending:
        if not session.claims:
            return Refused("no_reference")
        answer = await self._about(session.claims[0], "ReverseTransaction")
        if isinstance(answer, Unanswered):
            return answer
        code = answer["ResultCode"]
        if code in TAKEN or code == REVERSED:
            return Returned()
        return Refused(str(code), stays=code == TOO_LATE)

    async def refund(self, session: BankSession, amount: int | None) -> Sending:
        return Refused("cannot_refund")

    def read_callback(self, parameters: Mapping[str, str]) -> Callback | None:
        token = parameters.get("Token", "")
        if not TOKEN.fullmatch(token):
            return None
        status, reference = parameters.get("Status", ""), parameters.get("RefNum", "")
        claim = Claim(reference) if REFERENCE.fullmatch(reference) else None
        return Callback(
            token,
            {"Status": status if status in STATUSES else "other"},
            number=parameters.get("ResNum", ""),
            claim=claim,
            gave_up=status != STATUS_OK,
        )

    async def _about(self, claim: Claim, operation: str) -> dict[str, Any] | Unanswered:
        """The answer, which always has an integer ``ResultCode``."""
        body = {"RefNum": claim.reference, "TerminalNumber": self._terminal_id}
        answer = await self._call(f"{TRANSACTION}/{operation}", body)
        if isinstance(answer, Unanswered) or isinstance(answer.get("ResultCode"), int):
            return answer
        return Unanswered("no result code")

    async def _call(self, path: str, body: Mapping[str, object]) -> dict[str, Any] | Unanswered:
        return await answered(self._client.post(self._url + path).body_json(dict(body)))


def _detail(answer: Mapping[str, Any]) -> Mapping[str, Any]:
    """The document's own sample has a blank before the name."""
    found = answer.get("TransactionDetail") or answer.get(" TransactionDetail")
    return found if isinstance(found, dict) else {}
