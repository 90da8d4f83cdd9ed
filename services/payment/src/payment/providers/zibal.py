"""Zibal, REST. It cannot send verified money back, so an amount is compared before it is verified."""

import re
from collections.abc import Mapping
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
    Sending,
    SessionState,
    Unanswered,
    Verification,
    Verified,
)
from payment.providers.wire import answered, integer, masked, not_understood

SUCCESS, VERIFIED_BEFORE, NOT_PAID = 100, 201, 202
PAID_AND_VERIFIED, PAID, CANCELLED = 1, 2, 3
CARD_ERRORS = range(4, 13)
STATES: Mapping[int, SessionState] = {
    -1: SessionState.IN_BANK,
    PAID_AND_VERIFIED: SessionState.VERIFIED,
    PAID: SessionState.PAID,
    CANCELLED: SessionState.FAILED,
    **dict.fromkeys(CARD_ERRORS, SessionState.FAILED),
    15: SessionState.REVERSED,
    16: SessionState.REVERSED,
    18: SessionState.REVERSED,
}
"""15 and 16: paid back, being paid back."""

TRACK_ID = re.compile(r"[0-9]{6,19}")
HINTS = frozenset({"0", "1"})


class Zibal:
    """``url`` is the provider's origin; the client must follow no redirect and be bounded in time."""

    name = "zibal"
    capabilities = CAPABILITIES["zibal"]

    def __init__(self, url: str, merchant: str, client: Client, *, page_url: str = "") -> None:
        self._url = url.rstrip("/")
        self._page_url = (page_url or url).rstrip("/")
        self._merchant = merchant
        self._client = client

    async def request(self, order: PaymentOrder) -> Opened | Refused | Unanswered:
        body = {
            "amount": order.amount,
            "callbackUrl": order.callback_url,
            "orderId": str(order.number),
            "description": order.description,
        }
        answer = await self._call("request", body)
        if isinstance(answer, Unanswered):
            return answer
        track_id = str(answer.get("trackId", ""))
        if answer["result"] != SUCCESS or not TRACK_ID.fullmatch(track_id):
            return Refused(str(answer["result"]))
        return Opened(track_id, f"{self._page_url}/start/{track_id}")

    def handover(self, authority: str) -> Form | None:
        return None

    async def verify(self, session: BankSession) -> Verification:
        found = await self._find(session)
        if isinstance(found, Unanswered):
            return found
        standing = self._standing(found)
        if standing is SessionState.VERIFIED:
            return self._verified(found)
        if standing is not SessionState.PAID:
            return standing
        if integer(found.get("amount")) != session.amount:
            return Conflict(integer(found.get("amount")))
        return await self._take(session)

    async def _take(self, session: BankSession) -> Verification:
        answer = await self._call("verify", {"trackId": int(session.authority)})
        if isinstance(answer, Unanswered):
            return answer
        if answer["result"] == SUCCESS:
            return self._verified(answer)
        if answer["result"] == VERIFIED_BEFORE:
            found = await self._find(session)
            return found if isinstance(found, Unanswered) else self._verified(found)
        refused = answer["result"]
        return NotPaid() if refused == NOT_PAID else not_understood(self.name, "verify", refused)

    async def inquire(self, session: BankSession) -> Inquiry:
        found = await self._find(session)
        return found if isinstance(found, Unanswered) else self._standing(found)

    async def reverse(self, session: BankSession) -> Sending:
        return Refused("cannot_reverse")

    async def refund(self, session: BankSession, amount: int | None) -> Sending:
        return Refused("cannot_refund")

    def read_callback(self, parameters: Mapping[str, str]) -> Callback | None:
        track_id = parameters.get("trackId", "")
        if not TRACK_ID.fullmatch(track_id):
            return None
        success = parameters.get("success", "")
        number = parameters.get("orderId")
        return Callback(track_id, {"success": success if success in HINTS else "other"}, number)

    async def _find(self, session: BankSession) -> dict[str, Any] | Unanswered:
        """What is known of the session; of another order's it is no answer."""
        answer = await self._call("inquiry", {"trackId": int(session.authority)})
        if isinstance(answer, Unanswered):
            return answer
        if answer["result"] != SUCCESS:
            return not_understood(self.name, "inquiry", answer["result"])
        if str(answer.get("orderId")) != str(session.number):
            return Unanswered("another order")
        return answer

    def _standing(self, found: Mapping[str, Any]) -> SessionState | Unanswered:
        status = found.get("status")
        standing = STATES.get(status) if isinstance(status, int) else None
        return standing or not_understood(self.name, "status", status)

    def _verified(self, found: Mapping[str, Any]) -> Verified | Unanswered:
        reference, amount = found.get("refNumber"), integer(found.get("amount"))
        if not reference or amount is None:
            return Unanswered("no reference")
        return Verified(str(reference), amount, masked(found.get("cardNumber")))

    async def _call(self, operation: str, body: Mapping[str, object]) -> dict[str, Any] | Unanswered:
        """The answer, which always has an integer ``result``."""
        answer = await answered(
            self._client.post(f"{self._url}/v1/{operation}").body_json({"merchant": self._merchant, **body})
        )
        if isinstance(answer, Unanswered) or isinstance(answer.get("result"), int):
            return answer
        return Unanswered("no result")
