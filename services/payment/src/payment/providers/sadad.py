"""Sadad (Bank Melli) v1.10: REST, each request signed by 3DES under the terminal's key.

A session is asked about by its own token, as often as one likes; it lets only a card of the buyer's
national code pay. It has no way to send money back.
"""

import base64
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.modes import ECB
from cryptography.hazmat.primitives.padding import PKCS7
from pyreqwest.client import Client

from chassis.clock import Clock
from iran import TEHRAN
from payment.providers.capabilities import CAPABILITIES
from payment.providers.port import (
    BankSession,
    Callback,
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
from payment.providers.wire import answered, integer, lowered, masked, not_understood

OK = 0
REFUSALS: Mapping[int, NotPaid | SessionState] = {
    -1: NotPaid(),
    101: SessionState.REVERSED,
    1031: SessionState.REVERSED,
    1105: SessionState.REVERSED,
}
"""101, 1031: the time for it is over; 1105: sent back."""
BY_NATIONAL_CODE = 1

TOKEN = re.compile(r"[A-Za-z0-9]{16,100}")
CODE = re.compile(r"-?[0-9]{1,4}")


@dataclass(frozen=True)
class Terminal:
    """``key`` is base64, as the bank hands it out."""

    merchant_id: str
    terminal_id: str
    key: str = field(repr=False)
    binds_card: bool = True

    def sign(self, *parts: object) -> str:
        """Base64 of 3DES in ECB with PKCS7 padding: the bank's own protocol."""
        plain = ";".join(str(part) for part in parts).encode()
        padder = PKCS7(TripleDES.block_size).padder()
        encryptor = Cipher(TripleDES(base64.b64decode(self.key)), ECB()).encryptor()  # noqa: S305 - theirs
        sealed = encryptor.update(padder.update(plain) + padder.finalize()) + encryptor.finalize()
        return base64.b64encode(sealed).decode()


class Sadad:
    """``url`` is the provider's origin; the client must follow no redirect and be bounded in time."""

    name = "sadad"
    capabilities = CAPABILITIES["sadad"]

    def __init__(
        self, url: str, terminal: Terminal, client: Client, clock: Clock, *, page_url: str = ""
    ) -> None:
        self._url = url.rstrip("/")
        self._page_url = (page_url or url).rstrip("/")
        self._terminal = terminal
        self._client = client
        self._clock = clock

    async def request(self, order: PaymentOrder) -> Opened | Refused | Unanswered:
        terminal = self._terminal
        if terminal.binds_card and order.national_code is None:
            return Refused("no_national_code")
        now = self._clock().astimezone(TEHRAN)
        body: dict[str, object] = {
            "MerchantId": terminal.merchant_id,
            "TerminalId": terminal.terminal_id,
            "Amount": order.amount,
            "OrderId": order.number,
            "LocalDateTime": f"{now:%m/%d/%Y %I:%M:%S %p}",
            "ReturnUrl": order.callback_url,
            "SignData": terminal.sign(terminal.terminal_id, order.number, order.amount),
            "AdditionalData": order.description,
        }
        if terminal.binds_card:
            body |= {"PanAuthenticationType": BY_NATIONAL_CODE, "NationalCode": order.national_code}
        answer = await self._call("Request/PaymentRequest", body)
        if isinstance(answer, Unanswered):
            return answer
        token = str(answer.get("Token", ""))
        if answer["ResCode"] != OK or not TOKEN.fullmatch(token):
            return Refused(str(answer["ResCode"]))
        return Opened(token, f"{self._page_url}/VPG/Purchase?Token={token}")

    def handover(self, authority: str) -> Form | None:
        return None

    async def verify(self, session: BankSession) -> Verification:
        token = session.authority
        answer = await self._call("Advice/Verify", {"Token": token, "SignData": self._terminal.sign(token)})
        if isinstance(answer, Unanswered):
            return answer
        code = answer["ResCode"]
        if code != OK:
            return REFUSALS.get(code) or not_understood(self.name, "verify", code)
        return self._verified(session, answer)

    def _verified(self, session: BankSession, answer: Mapping[str, Any]) -> Verified | Unanswered:
        """Of another order it is no answer. ``RetrivalRefNo`` is their own spelling."""
        reference, amount = answer.get("RetrivalRefNo"), integer(answer.get("Amount"))
        if not reference or amount is None or integer(answer.get("OrderId")) != session.number:
            return Unanswered("another order")
        return Verified(str(reference), amount, masked(answer.get("PrimaryAccNo")))

    async def inquire(self, session: BankSession) -> Inquiry:
        """There is none: to ask is to verify."""
        return NotPaid()

    async def reverse(self, session: BankSession) -> Sending:
        """Nothing is owed back but what it has verified."""
        return Refused("cannot_reverse", stays=True)

    async def refund(self, session: BankSession, amount: int | None) -> Sending:
        return Refused("cannot_refund", stays=True)

    def read_callback(self, parameters: Mapping[str, str]) -> Callback | None:
        given = lowered(parameters)
        token, code = given.get("token", ""), given.get("rescode", "")
        if not TOKEN.fullmatch(token):
            return None
        fields = {"ResCode": code if CODE.fullmatch(code) else "other"}
        return Callback(token, fields, number=given.get("orderid", ""), gave_up=code != str(OK))

    async def _call(self, path: str, body: Mapping[str, object]) -> dict[str, Any] | Unanswered:
        """The answer with an integer ``ResCode``, whatever it was written as."""
        answer = await answered(self._client.post(f"{self._url}/vpg/api/v0/{path}").body_json(dict(body)))
        if isinstance(answer, Unanswered):
            return answer
        written = str(answer.get("ResCode", ""))
        return {**answer, "ResCode": int(written)} if CODE.fullmatch(written) else Unanswered("no code")
