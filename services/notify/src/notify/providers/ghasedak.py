"""Ghasedak's gateway, version 1. Its codes are those of its older API; the new one's document names none.

``clientReferenceId`` is our id: a message is found by it. The names in its answers begin with a capital or
a small letter, depending on the version that answers.
"""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from pyreqwest.client import Client
from pyreqwest.request import RequestBuilder

from notify.providers.adapter import Adapter, only
from notify.providers.port import Delivery, Letter, Outcome, Secret, Verdict
from notify.providers.wire import Answer

OK = 200
BY_MESSAGE_ID, BY_OWN_ID = "1", "2"

VERDICTS: Mapping[int, Verdict] = {
    400: Verdict.REFUSED,  # parameters
    401: Verdict.OUTAGE,  # our key
    402: Verdict.OUTAGE,  # the operation failed
    403: Verdict.OUTAGE,  # we may not
    404: Verdict.ELSEWHERE,  # our pattern
    407: Verdict.OUTAGE,  # our address may not
    409: Verdict.POSTPONED,  # busy, try later
    411: Verdict.REFUSED,  # receptor
    412: Verdict.OUTAGE,  # our line
    413: Verdict.REFUSED,  # text empty or too long
    414: Verdict.REFUSED,  # too much at once
    418: Verdict.OUTAGE,  # no credit
    422: Verdict.REFUSED,  # characters
    428: Verdict.REFUSED,  # a call needs digits
    429: Verdict.POSTPONED,  # too many requests
    503: Verdict.OUTAGE,  # unavailable
}

DELIVERIES: Mapping[int, Delivery] = {
    0: Delivery.UNDER_WAY,
    1: Delivery.UNDER_WAY,
    2: Delivery.DELIVERED,
    3: Delivery.UNDELIVERED,
    4: Delivery.UNDELIVERED,
}


class Ghasedak(Adapter):
    """``line`` is the number that texts come from."""

    name = "ghasedak"

    def __init__(self, client: Client, base_url: str, api_key: str, line: str) -> None:
        super().__init__(client)
        self._address = f"{base_url}/rest/api/v1/WebService"
        self._api_key = api_key
        self._line = line

    async def send(self, letters: Sequence[Letter]) -> Sequence[Outcome]:
        items = [
            {
                "lineNumber": self._line,
                "receptor": letter.to,
                "message": letter.text,
                "clientReferenceId": str(letter.own_id),
            }
            for letter in letters
        ]
        return await self._send("SendPairToPairSMS", {"items": items, "udh": False}, len(letters))

    async def send_code(self, secret: Secret) -> Outcome:
        return await self._send_otp(secret, voice=False)

    async def call(self, secret: Secret) -> Outcome:
        return await self._send_otp(secret, voice=True)

    async def find(self, own_id: UUID) -> str | None:
        def known(answer: Answer) -> str | None:
            rows = [_plain(row) for row in self._data(answer) or ()]
            return str(rows[0]["messageid"]) if rows else None

        return await self._wire.told(self._status([str(own_id)], BY_OWN_ID), known)

    async def deliveries(self, message_ids: Sequence[str]) -> Mapping[str, Delivery]:
        def states(answer: Answer) -> Mapping[str, Delivery]:
            rows = [_plain(row) for row in self._data(answer) or ()]
            return {str(row["messageid"]): _delivery(row) for row in rows}

        return await self._wire.told(self._status(message_ids, BY_MESSAGE_ID), states)

    async def credit(self) -> int:
        def left(answer: Answer) -> int:
            return int(_plain(self._data(answer))["credit"])

        return await self._wire.told(self._keyed(self._client.get(self._at("GetAccountInformation"))), left)

    async def _send_otp(self, secret: Secret, *, voice: bool) -> Outcome:
        """A call has an id of its own, so that it is no repeat of the SMS."""
        own_id = f"{secret.own_id}-call" if voice else str(secret.own_id)
        body = {
            "receptors": [{"mobile": secret.to, "clientReferenceId": own_id}],
            "templateName": secret.pattern,
            "param1": secret.code,
            "isVoice": voice,
            "udh": False,
        }
        return only(await self._send("SendOtpWithParams", body, 1))

    async def _send(self, method: str, body: Mapping[str, Any], count: int) -> Sequence[Outcome]:
        def taken(answer: Answer) -> Sequence[str]:
            return [str(_plain(item)["messageid"]) for item in _plain(self._data(answer))["items"]]

        request = self._keyed(self._client.post(self._at(method))).body_json(dict(body))
        return await self._wire.outcomes(request, count, taken)

    def _status(self, ids: Sequence[str], kind: str) -> RequestBuilder:
        query = [("Type", kind), *(("Ids", text) for text in ids)]
        return self._keyed(self._client.get(self._at("CheckSmsStatus"))).query(query)

    def _at(self, method: str) -> str:
        return f"{self._address}/{method}"

    def _keyed(self, request: RequestBuilder) -> RequestBuilder:
        return request.header("ApiKey", self._api_key)

    def _data(self, answer: Answer) -> Any:
        envelope = _plain(answer.body) if isinstance(answer.body, dict) else {}
        if not isinstance(envelope.get("statuscode"), int):
            raise self._wire.strange(answer)
        if not envelope["issuccess"]:
            raise self._wire.refusal(envelope["statuscode"], VERDICTS)
        return envelope["data"]


def _plain(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name.lower(): value for name, value in row.items()}


def _delivery(row: Mapping[str, Any]) -> Delivery:
    return DELIVERIES.get(int(row["status"]), Delivery.UNDER_WAY)
