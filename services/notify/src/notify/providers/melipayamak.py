"""MelliPayamak's REST API: forms that carry the account's name and password, answered with HTTP 200.

Its return statuses are those that its clients know. It takes one message at a time, and no id of ours.
"""

from collections.abc import Mapping, Sequence

from pyreqwest.client import Client
from pyreqwest.request import RequestBuilder

from notify.providers.adapter import Adapter, only
from notify.providers.port import Delivery, Letter, Outcome, Secret, Verdict
from notify.providers.wire import Answer, one_by_one

OK = 1

VERDICTS: Mapping[int, Verdict] = {
    0: Verdict.OUTAGE,  # our name or password
    2: Verdict.OUTAGE,  # no credit
    3: Verdict.OUTAGE,  # the day's limit
    4: Verdict.OUTAGE,  # the limit of volume
    5: Verdict.OUTAGE,  # our line
    6: Verdict.POSTPONED,  # the system is being updated
    7: Verdict.ELSEWHERE,  # a word that is filtered
    9: Verdict.ELSEWHERE,  # a shared line may not by web service
    10: Verdict.OUTAGE,  # our account is inactive
    11: Verdict.REFUSED,  # not sent: mobile, text or pattern
    12: Verdict.OUTAGE,  # our papers are incomplete
    14: Verdict.ELSEWHERE,  # a link in the text
    35: Verdict.ELSEWHERE,  # the mobile wants nothing of this line
}

DELIVERIES: Mapping[int, Delivery] = {
    0: Delivery.UNDER_WAY,  # sent to the operator
    1: Delivery.DELIVERED,
    2: Delivery.UNDELIVERED,
    3: Delivery.UNDELIVERED,  # an error at the operator
    8: Delivery.UNDER_WAY,  # arrived at the operator
    16: Delivery.UNDELIVERED,  # did not arrive at the operator
    35: Delivery.UNDELIVERED,  # the mobile wants nothing of this line
    100: Delivery.LOST,  # unknown
    200: Delivery.UNDER_WAY,  # sent
    300: Delivery.UNDELIVERED,  # filtered
    400: Delivery.UNDER_WAY,  # in the list to send
    500: Delivery.UNDELIVERED,  # not accepted
}


class MeliPayamak(Adapter):
    """``line`` is the number that texts come from."""

    name = "melipayamak"

    def __init__(self, client: Client, base_url: str, username: str, password: str, line: str) -> None:
        super().__init__(client)
        self._address = f"{base_url}/api/SendSMS"
        self._account = {"username": username, "password": password}
        self._line = line

    async def send(self, letters: Sequence[Letter]) -> Sequence[Outcome]:
        [letter] = letters
        form = {"to": letter.to, "from": self._line, "text": letter.text, "isFlash": "false"}
        return [await self._send("SendSMS", form)]

    async def send_code(self, secret: Secret) -> Outcome:
        form = {"to": secret.to, "bodyId": secret.pattern, "text": secret.code}
        return await self._send("BaseServiceNumber", form)

    async def deliveries(self, message_ids: Sequence[str]) -> Mapping[str, Delivery]:
        def state(answer: Answer) -> Delivery:
            return DELIVERIES.get(int(self._value(answer)), Delivery.UNDER_WAY)

        async def ask(message_id: str) -> Delivery:
            return await self._wire.told(self._request("GetDeliveries2", {"recID": message_id}), state)

        return await one_by_one(message_ids, ask)

    async def credit(self) -> int:
        def left(answer: Answer) -> int:
            return int(float(self._value(answer)))

        return await self._wire.told(self._request("GetCredit", {}), left)

    async def _send(self, method: str, form: Mapping[str, str]) -> Outcome:
        def taken(answer: Answer) -> Sequence[str]:
            return [self._value(answer)]

        return only(await self._wire.outcomes(self._request(method, form), 1, taken))

    def _request(self, method: str, form: Mapping[str, str]) -> RequestBuilder:
        return self._client.post(f"{self._address}/{method}").form({**self._account, **form})

    def _value(self, answer: Answer) -> str:
        if not isinstance(answer.body, dict) or not isinstance(answer.body.get("RetStatus"), int):
            raise self._wire.strange(answer)
        if answer.body["RetStatus"] != OK:
            raise self._wire.refusal(answer.body["RetStatus"], VERDICTS)
        return str(answer.body["Value"])
