"""Kavenegar's REST API, version 1.

Texts go with a ``localid``, by which they are found again and never sent twice. Codes go through
``verify/lookup``, which has no such id. The API key is part of the URL, so nothing here logs or raises
anything that holds one.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from pyreqwest.client import Client
from pyreqwest.request import RequestBuilder

from notify.providers.adapter import Adapter, only
from notify.providers.port import Delivery, Letter, Outcome, Secret, Verdict
from notify.providers.wire import Answer

OK = 200

VERDICTS: Mapping[int, Verdict] = {
    400: Verdict.REFUSED,  # parameters
    401: Verdict.OUTAGE,  # our account is inactive
    402: Verdict.OUTAGE,  # the operation failed
    403: Verdict.OUTAGE,  # our key
    404: Verdict.OUTAGE,  # method
    405: Verdict.OUTAGE,  # verb
    407: Verdict.OUTAGE,  # our address may not
    409: Verdict.POSTPONED,  # busy, try later
    411: Verdict.REFUSED,  # receptor
    412: Verdict.OUTAGE,  # our line
    413: Verdict.REFUSED,  # text empty or too long
    414: Verdict.REFUSED,  # too much at once
    417: Verdict.REFUSED,  # date
    418: Verdict.OUTAGE,  # no credit
    419: Verdict.REFUSED,  # lengths of arrays
    422: Verdict.REFUSED,  # characters
    424: Verdict.ELSEWHERE,  # our pattern is not approved
    426: Verdict.ELSEWHERE,  # our plan lacks the method
    428: Verdict.REFUSED,  # a call needs digits
    429: Verdict.POSTPONED,  # too many requests
    431: Verdict.REFUSED,  # structure of the code
    432: Verdict.ELSEWHERE,  # no code in the pattern
    503: Verdict.OUTAGE,  # unavailable
    607: Verdict.REFUSED,  # tag
}
"""A code that is not here, such as a broken proxy's, leaves open whether the message was taken."""

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
UNKNOWN_ID = 100


class Kavenegar(Adapter):
    """``line`` is the number that texts come from."""

    name = "kavenegar"

    def __init__(self, client: Client, base_url: str, api_key: str, line: str) -> None:
        super().__init__(client)
        self._address = f"{base_url}/v1/{api_key}"
        self._line = line

    async def send(self, letters: Sequence[Letter]) -> Sequence[Outcome]:
        if len(letters) == 1:
            [letter] = letters
            form = {"receptor": letter.to, "message": letter.text, "sender": self._line}
            form |= {"localid": str(letter.own_id)}
            return await self._send("sms/send", form, 1)
        columns = {
            "receptor": [letter.to for letter in letters],
            "sender": [self._line] * len(letters),
            "message": [letter.text for letter in letters],
            "localmessageids": [str(letter.own_id) for letter in letters],
        }
        form = {name: json.dumps(values, ensure_ascii=False) for name, values in columns.items()}
        return await self._send("sms/sendarray", form, len(letters))

    async def send_code(self, secret: Secret) -> Outcome:
        return await self._look_up(secret, "sms")

    async def call(self, secret: Secret) -> Outcome:
        return await self._look_up(secret, "call")

    async def find(self, own_id: UUID) -> str | None:
        def known(answer: Answer) -> str | None:
            [entry, *_] = self._entries(answer)
            return None if int(entry["status"]) == UNKNOWN_ID else str(entry["messageid"])

        request = self._request("sms/statuslocalmessageid", {"localid": str(own_id)})
        return await self._wire.told(request, known)

    async def deliveries(self, message_ids: Sequence[str]) -> Mapping[str, Delivery]:
        def states(answer: Answer) -> Mapping[str, Delivery]:
            return {str(entry["messageid"]): _delivery(entry) for entry in self._entries(answer)}

        return await self._wire.told(
            self._request("sms/status", {"messageid": ",".join(message_ids)}), states
        )

    async def credit(self) -> int:
        def left(answer: Answer) -> int:
            return int(self._entries(answer)["remaincredit"])

        return await self._wire.told(self._request("account/info", {}), left)

    async def _look_up(self, secret: Secret, kind: str) -> Outcome:
        form = {"receptor": secret.to, "template": secret.pattern, "token": secret.code, "type": kind}
        return only(await self._send("verify/lookup", form, 1))

    async def _send(self, method: str, form: Mapping[str, str], count: int) -> Sequence[Outcome]:
        def taken(answer: Answer) -> Sequence[str]:
            return [str(entry["messageid"]) for entry in self._entries(answer)]

        return await self._wire.outcomes(self._request(method, form), count, taken)

    def _request(self, method: str, form: Mapping[str, str]) -> RequestBuilder:
        return self._client.post(f"{self._address}/{method}.json").form(dict(form))

    def _entries(self, answer: Answer) -> Any:
        """A refusal may come in any HTTP status, or without an envelope."""
        if not isinstance(answer.body, dict) or "return" not in answer.body:
            raise self._wire.refusal(answer.http, VERDICTS if answer.http != OK else {})
        code = int(answer.body["return"]["status"])
        if code != OK:
            raise self._wire.refusal(code, VERDICTS)
        return answer.body["entries"]


def _delivery(entry: Mapping[str, Any]) -> Delivery:
    return DELIVERIES.get(int(entry["status"]), Delivery.UNDER_WAY)
