"""IPPanel's (Faraz SMS) Edge API, version 1.

A refusal names the fields that are wrong, under ``meta.errors``, rather than a code. It takes no id of ours.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from pyreqwest.client import Client
from pyreqwest.request import RequestBuilder

from iran import Mobile
from notify.providers.adapter import Adapter, only
from notify.providers.port import Delivery, Letter, Outcome, Secret, Verdict
from notify.providers.wire import Answer, one_by_one

PARAMETER = "code"
"""What our patterns there call their one value."""
UNPROCESSABLE = 422

FIELD_VERDICTS: Mapping[str, Verdict] = {
    "credit": Verdict.OUTAGE,
    "from_number": Verdict.OUTAGE,
    "code": Verdict.ELSEWHERE,
    "recipients": Verdict.REFUSED,
    "message": Verdict.REFUSED,
    "params": Verdict.REFUSED,
}
"""What it means that a field is wrong; one that is not here lies in how we ask."""

DELIVERIES: Mapping[str, Delivery] = {
    "0": Delivery.UNDER_WAY,
    "1": Delivery.UNDER_WAY,
    "2": Delivery.DELIVERED,
    "3": Delivery.UNDELIVERED,
    "4": Delivery.UNDELIVERED,
}


class IpPanel(Adapter):
    """``line`` is the number that texts and codes come from, in international form."""

    name = "ippanel"

    def __init__(self, client: Client, base_url: str, api_key: str, line: str) -> None:
        super().__init__(client)
        self._address = f"{base_url}/v1/api"
        self._api_key = api_key
        self._line = line

    async def send(self, letters: Sequence[Letter]) -> Sequence[Outcome]:
        pairs = [{"recipients": [_e164(letter.to)], "message": letter.text} for letter in letters]
        body = {"sending_type": "peer_to_peer", "from_number": self._line, "params": pairs}
        return await self._send(body, len(letters))

    async def send_code(self, secret: Secret) -> Outcome:
        body = {
            "sending_type": "pattern",
            "from_number": self._line,
            "code": secret.pattern,
            "recipients": [_e164(secret.to)],
            "params": {PARAMETER: secret.code},
        }
        return only(await self._send(body, 1))

    async def call(self, secret: Secret) -> Outcome:
        to = {"recipients": [_e164(secret.to)]}
        return only(await self._send({"sending_type": "votp", "message": secret.code, "params": to}, 1))

    async def deliveries(self, message_ids: Sequence[str]) -> Mapping[str, Delivery]:
        def state(answer: Answer) -> Delivery:
            rows = self._data(answer)
            return (
                DELIVERIES.get(str(rows[0]["message_status"]), Delivery.UNDER_WAY) if rows else Delivery.LOST
            )

        async def ask(message_id: str) -> Delivery:
            return await self._wire.told(self._get("report/recipients").query({"bulk_id": message_id}), state)

        return await one_by_one(message_ids, ask)

    async def credit(self) -> int:
        def left(answer: Answer) -> int:
            return int(self._data(answer)["credit"])

        return await self._wire.told(self._get("payment/credit/mine"), left)

    async def _send(self, body: Mapping[str, Any], count: int) -> Sequence[Outcome]:
        def taken(answer: Answer) -> Sequence[str]:
            return [str(message_id) for message_id in self._data(answer)["message_outbox_ids"]]

        request = self._keyed(self._client.post(f"{self._address}/send")).body_json(dict(body))
        return await self._wire.outcomes(request, count, taken)

    def _get(self, path: str) -> RequestBuilder:
        return self._keyed(self._client.get(f"{self._address}/{path}"))

    def _keyed(self, request: RequestBuilder) -> RequestBuilder:
        return request.header("Authorization", self._api_key)

    def _data(self, answer: Answer) -> Any:
        if not isinstance(answer.body, dict) or not isinstance(answer.body.get("meta"), dict):
            raise self._wire.strange(answer)
        meta = answer.body["meta"]
        if meta.get("status"):
            return answer.body["data"]
        if answer.http == UNPROCESSABLE and meta.get("errors"):
            field = next(iter(meta["errors"]))
            raise self._wire.refusal(
                field, {**FIELD_VERDICTS, field: FIELD_VERDICTS.get(field, Verdict.OUTAGE)}
            )
        raise self._wire.strange(answer)


def _e164(mobile: Mobile) -> str:
    return f"+98{mobile[1:]}"
