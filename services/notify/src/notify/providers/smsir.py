"""SMS.ir's REST API, version 1. Its codes and delivery states are those that its clients know.

It has no id of ours, so a message whose answer did not come can not be asked for.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from pyreqwest.client import Client
from pyreqwest.request import RequestBuilder

from notify.providers.adapter import Adapter, only
from notify.providers.port import Delivery, Letter, Outcome, Secret, Verdict
from notify.providers.wire import Answer, one_by_one

OK = 1
PARAMETER = "CODE"
"""What our patterns there call their one value."""

VERDICTS: Mapping[int, Verdict] = {
    0: Verdict.UNCONFIRMED,  # something went wrong there
    10: Verdict.OUTAGE,  # our key
    11: Verdict.OUTAGE,  # our key is inactive
    12: Verdict.OUTAGE,  # our address may not
    13: Verdict.OUTAGE,  # our account is inactive
    14: Verdict.OUTAGE,  # our account is suspended
    16: Verdict.REFUSED,  # parameters
    20: Verdict.POSTPONED,  # too many requests
    101: Verdict.OUTAGE,  # our line
    102: Verdict.OUTAGE,  # no credit
    103: Verdict.REFUSED,  # empty text
    104: Verdict.REFUSED,  # mobile
    105: Verdict.REFUSED,  # too many mobiles
    106: Verdict.REFUSED,  # too many texts
    113: Verdict.ELSEWHERE,  # our pattern
    114: Verdict.REFUSED,  # a value longer than 25 characters
    115: Verdict.ELSEWHERE,  # the mobile wants nothing of this line
    123: Verdict.OUTAGE,  # our line is not active yet
}

DELIVERIES: Mapping[int, Delivery] = {
    1: Delivery.DELIVERED,
    2: Delivery.UNDELIVERED,
    3: Delivery.UNDER_WAY,
    4: Delivery.UNDELIVERED,
    5: Delivery.UNDER_WAY,
    6: Delivery.UNDELIVERED,
    7: Delivery.UNDELIVERED,
}


class SmsIr(Adapter):
    """``line`` is the number that texts come from; codes come from a line that the provider chooses."""

    name = "smsir"

    def __init__(self, client: Client, base_url: str, api_key: str, line: str) -> None:
        super().__init__(client)
        self._address = f"{base_url}/v1"
        self._api_key = api_key
        self._line = line

    async def send(self, letters: Sequence[Letter]) -> Sequence[Outcome]:
        body = {
            "lineNumber": int(self._line),
            "messageTexts": [letter.text for letter in letters],
            "mobiles": [letter.to for letter in letters],
        }

        def taken(answer: Answer) -> Sequence[str | None]:
            ids = self._data(answer)["messageIds"]
            return [str(message_id) if message_id else None for message_id in ids]

        return await self._wire.outcomes(self._post("send/likeToLike", body), len(letters), taken)

    async def send_code(self, secret: Secret) -> Outcome:
        parameters = [{"name": PARAMETER, "value": secret.code}]
        body = {"mobile": secret.to, "templateId": int(secret.pattern), "parameters": parameters}

        def taken(answer: Answer) -> Sequence[str]:
            return [str(self._data(answer)["messageId"])]

        return only(await self._wire.outcomes(self._post("send/verify", body), 1, taken))

    async def deliveries(self, message_ids: Sequence[str]) -> Mapping[str, Delivery]:
        def state(answer: Answer) -> Delivery:
            return DELIVERIES.get(self._data(answer)["deliveryState"], Delivery.UNDER_WAY)

        async def ask(message_id: str) -> Delivery:
            return await self._wire.told(self._get(f"send/{message_id}"), state)

        return await one_by_one(message_ids, ask)

    async def credit(self) -> int:
        def left(answer: Answer) -> int:
            return int(self._data(answer))

        return await self._wire.told(self._get("credit"), left)

    def _post(self, path: str, body: Mapping[str, Any]) -> RequestBuilder:
        return self._keyed(self._client.post(f"{self._address}/{path}")).body_json(dict(body))

    def _get(self, path: str) -> RequestBuilder:
        return self._keyed(self._client.get(f"{self._address}/{path}"))

    def _keyed(self, request: RequestBuilder) -> RequestBuilder:
        return request.header("X-API-KEY", self._api_key)

    def _data(self, answer: Answer) -> Any:
        if not isinstance(answer.body, dict) or not isinstance(answer.body.get("status"), int):
            raise self._wire.strange(answer)
        if answer.body["status"] != OK:
            raise self._wire.refusal(answer.body["status"], VERDICTS)
        return answer.body["data"]
