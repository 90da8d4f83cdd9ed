"""Kavenegar's REST API, version 1.

Texts go through ``sms/send``: a ``localid`` that was sent before is answered with the old record. Codes go
through ``verify/lookup``, which has no such id. The API key is part of the URL, so nothing here logs or
raises anything that holds one.
"""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from pyreqwest.client import Client
from pyreqwest.exceptions import DecodeError, PyreqwestError

from chassis.http import never_left
from iran import Mobile
from notify.providers.port import Delivery, Form, Outcome, StatusUnavailable, Verdict

OK = 200

VERDICTS: Mapping[int, Verdict] = {
    400: Verdict.REFUSED,  # parameters
    401: Verdict.POSTPONED,  # our account is inactive
    402: Verdict.POSTPONED,  # the operation failed
    403: Verdict.POSTPONED,  # our key
    404: Verdict.POSTPONED,  # method
    405: Verdict.POSTPONED,  # verb
    407: Verdict.POSTPONED,  # our address may not
    409: Verdict.POSTPONED,  # busy, try later
    411: Verdict.REFUSED,  # receptor
    412: Verdict.POSTPONED,  # our line
    413: Verdict.REFUSED,  # text empty or too long
    414: Verdict.REFUSED,  # too much at once
    417: Verdict.REFUSED,  # date
    418: Verdict.POSTPONED,  # no credit
    419: Verdict.REFUSED,  # lengths of arrays
    422: Verdict.REFUSED,  # characters
    424: Verdict.POSTPONED,  # our pattern is not approved
    426: Verdict.POSTPONED,  # our plan lacks the method
    428: Verdict.REFUSED,  # a call needs digits
    429: Verdict.POSTPONED,  # too many requests
    431: Verdict.REFUSED,  # structure of the code
    432: Verdict.REFUSED,  # no code in the pattern
    503: Verdict.POSTPONED,  # unavailable
    607: Verdict.REFUSED,  # tag
}
"""What is wrong with the message is refused; what is wrong with us or them can be mended: postponed.

Any other answer, such as a broken proxy's, leaves open whether the message was taken: unconfirmed.
"""

DELIVERIES: Mapping[int, Delivery] = {
    1: Delivery.UNDER_WAY,
    2: Delivery.UNDER_WAY,
    4: Delivery.UNDER_WAY,
    5: Delivery.UNDER_WAY,
    6: Delivery.UNDELIVERED,
    10: Delivery.DELIVERED,
    11: Delivery.UNDELIVERED,
    13: Delivery.UNDELIVERED,
    14: Delivery.UNDELIVERED,
    100: Delivery.LOST,
}


class Kavenegar:
    """``line`` is the number that texts come from."""

    name = "kavenegar"
    repeatable = frozenset({Form.TEXT})

    def __init__(self, client: Client, base_url: str, api_key: str, line: str) -> None:
        self._client = client
        self._address = f"{base_url}/v1/{api_key}"
        self._line = line

    async def send_text(self, to: Mobile, text: str, local_id: UUID) -> Outcome:
        form = {"receptor": to, "message": text, "sender": self._line, "localid": str(local_id)}
        return await self._send("sms/send", form)

    async def send_code(self, to: Mobile, pattern: str, code: str, local_id: UUID) -> Outcome:
        return await self._send("verify/lookup", {"receptor": to, "template": pattern, "token": code})

    async def deliveries(self, message_ids: Sequence[str]) -> Mapping[str, Delivery]:
        try:
            status, answer = await self._call("sms/status", {"messageid": ",".join(message_ids)})
            if status != OK:
                raise StatusUnavailable(f"kavenegar:{status}")
            return {str(entry["messageid"]): _delivery(entry) for entry in answer["entries"]}
        except PyreqwestError:
            raise StatusUnavailable("kavenegar:no_answer") from None
        except (LookupError, TypeError, ValueError):
            raise StatusUnavailable("kavenegar:unreadable") from None

    async def _send(self, method: str, form: Mapping[str, str]) -> Outcome:
        try:
            status, answer = await self._call(method, form)
            if status == OK:
                return Outcome(Verdict.ACCEPTED, message_id=str(answer["entries"][0]["messageid"]))
        except PyreqwestError as error:
            if never_left(error):
                return Outcome(Verdict.POSTPONED, reason="kavenegar:no_connection")
            return Outcome(Verdict.UNCONFIRMED, reason="kavenegar:no_answer")
        except (LookupError, TypeError, ValueError):
            return Outcome(Verdict.UNCONFIRMED, reason="kavenegar:unreadable")
        return Outcome(VERDICTS.get(status, Verdict.UNCONFIRMED), reason=f"kavenegar:{status}")

    async def _call(self, method: str, form: Mapping[str, str]) -> tuple[int, Any]:
        """The code and the answer. A refusal may come in any HTTP status, or without an envelope."""
        request = self._client.post(f"{self._address}/{method}.json").form(dict(form)).build()
        response = await request.send()
        try:
            answer = await response.json()
            return int(answer["return"]["status"]), answer
        except (DecodeError, LookupError, TypeError, ValueError):
            if response.status == OK:
                raise
            return response.status, None


def _delivery(entry: Mapping[str, Any]) -> Delivery:
    return DELIVERIES.get(int(entry["status"]), Delivery.UNDER_WAY)
