"""Behpardakht Mellat v1.29, SOAP.

Without a settlement the merchant gets no money, and after it a payment cannot be undone but only refunded;
so what is doubtful is not settled. The bank itself compares the order's number with the sale's reference.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from pyreqwest.client import Client

from chassis.clock import Clock
from iran import TEHRAN
from payment.providers import soap
from payment.providers.capabilities import CAPABILITIES
from payment.providers.port import (
    BankSession,
    Callback,
    Claim,
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
from payment.providers.wire import first_that_tells, integer, not_understood, received

INTERFACE = "http://interfaces.core.sw.bps.com/"
OK, NO_SALE, VERIFIED_BEFORE, NOT_VERIFIED, SETTLED, NOT_SETTLED, REVERSED = 0, 42, 43, 44, 45, 46, 48
VERIFIED = frozenset({OK, VERIFIED_BEFORE, SETTLED})
REFUSALS: Mapping[int, NotPaid | SessionState] = {NO_SALE: NotPaid(), REVERSED: SessionState.REVERSED}
STANDINGS: Mapping[int, NotPaid | SessionState] = {
    **dict.fromkeys((*VERIFIED, NOT_SETTLED), SessionState.VERIFIED),
    NOT_VERIFIED: SessionState.PAID,
    **REFUSALS,
}

REF_ID = re.compile(r"[A-Za-z0-9]{10,40}")
REFERENCE = re.compile(r"[0-9]{1,20}")
CODE = re.compile(r"[0-9]{1,3}")
LONGEST_DATA = 1_000


@dataclass(frozen=True)
class Account:
    terminal_id: int
    user_name: str
    password: str = field(repr=False)


class Mellat:
    """``url`` is the provider's origin; the client must follow no redirect and be bounded in time."""

    name = "mellat"
    capabilities = CAPABILITIES["mellat"]

    def __init__(
        self, url: str, account: Account, client: Client, clock: Clock, *, page_url: str = ""
    ) -> None:
        self._url = url.rstrip("/")
        self._page_url = (page_url or url).rstrip("/")
        self._credentials = {
            "terminalId": account.terminal_id,
            "userName": account.user_name,
            "userPassword": account.password,
        }
        self._client = client
        self._clock = clock

    async def request(self, order: PaymentOrder) -> Opened | Refused | Unanswered:
        now = self._clock().astimezone(TEHRAN)
        arguments = {
            "orderId": order.number,
            "amount": order.amount,
            "localDate": f"{now:%Y%m%d}",
            "localTime": f"{now:%H%M%S}",
            "additionalData": order.description[:LONGEST_DATA],
            "callBackUrl": order.callback_url,
            "payerId": "0",
        }
        answer = await self._call("bpPayRequest", arguments)
        if isinstance(answer, Unanswered):
            return answer
        code, _, ref_id = answer.partition(",")
        if code != str(OK) or not REF_ID.fullmatch(ref_id):
            return Refused(code if CODE.fullmatch(code) else "no_reference")
        return Opened(ref_id)

    def handover(self, authority: str) -> Form | None:
        return Form(f"{self._page_url}/pgwchannel/startpay.mellat", {"RefId": authority})

    async def verify(self, session: BankSession) -> Verification:
        return await first_that_tells(self._verify(session, claim) for claim in session.claims)

    async def _verify(self, session: BankSession, claim: Claim) -> Verification:
        code = await self._about("bpVerifyRequest", session, claim)
        if isinstance(code, Unanswered):
            return code
        if code not in VERIFIED:
            return REFUSALS.get(code) or not_understood(self.name, "verify", code)
        if claim.amount is not None and claim.amount != session.amount:
            return Conflict(claim.amount, claim.reference)
        return await self._settle(session, claim)

    async def _settle(self, session: BankSession, claim: Claim) -> Verification:
        code = await self._about("bpSettleRequest", session, claim)
        if isinstance(code, Unanswered):
            return code
        if code in {OK, SETTLED}:
            return Verified(claim.reference, session.amount)
        return SessionState.REVERSED if code == REVERSED else not_understood(self.name, "settle", code)

    async def inquire(self, session: BankSession) -> Inquiry:
        """Of the newest claim: without the reference of a sale there is nothing to ask about."""
        if not session.claims:
            return NotPaid()
        code = await self._about("bpInquiryRequest", session, session.claims[0])
        if isinstance(code, Unanswered):
            return code
        return STANDINGS.get(code) or not_understood(self.name, "inquiry", code)

    async def reverse(self, session: BankSession) -> Sending:
        return await self._send_back("bpReversalRequest", session)

    async def refund(self, session: BankSession, amount: int | None) -> Sending:
        return await self._send_back("bpRefundRequest", session, refundAmount=amount or session.amount)

    async def _send_back(self, operation: str, session: BankSession, **more: int) -> Sending:
        if not session.claims:
            return Refused("no_reference")
        code = await self._about(operation, session, session.claims[0], **more)
        if isinstance(code, Unanswered):
            return code
        return Returned() if code in {OK, REVERSED} else Refused(str(code))

    def read_callback(self, parameters: Mapping[str, str]) -> Callback | None:
        ref_id = parameters.get("RefId", "")
        if not REF_ID.fullmatch(ref_id):
            return None
        code, reference = parameters.get("ResCode", ""), parameters.get("SaleReferenceId", "")
        claim = None
        if REFERENCE.fullmatch(reference):
            claim = Claim(reference, integer(parameters.get("FinalAmount")))
        return Callback(
            ref_id,
            {"ResCode": code if CODE.fullmatch(code) else "other"},
            number=parameters.get("SaleOrderId", ""),
            claim=claim,
            gave_up=code != str(OK),
        )

    async def _about(
        self, operation: str, session: BankSession, claim: Claim, **more: int
    ) -> int | Unanswered:
        """The code that is answered about a sale."""
        sale = {
            "orderId": session.number,
            "saleOrderId": session.number,
            "saleReferenceId": claim.reference,
            **more,
        }
        answer = await self._call(operation, sale)
        if isinstance(answer, Unanswered):
            return answer
        return int(answer) if CODE.fullmatch(answer) else Unanswered("no code")

    async def _call(self, operation: str, arguments: Mapping[str, object]) -> str | Unanswered:
        call = soap.envelope(INTERFACE, operation, {**self._credentials, **arguments})
        request = self._client.post(f"{self._url}/pgwchannel/services/pgw").body_bytes(call)
        document = await received(
            request.header("Content-Type", soap.CONTENT_TYPE).header("SOAPAction", '""')
        )
        if isinstance(document, Unanswered):
            return document
        try:
            return soap.returned(INTERFACE, operation, document)
        except soap.NotSoap:
            return Unanswered("no SOAP")
