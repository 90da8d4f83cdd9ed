"""The wire of each SMS provider besides Kavenegar, as its documents show it, and what they share."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from httpx import AsyncClient

Books = Callable[[], Awaitable[dict[str, Any]]]

MOBILE = "09121234567"
WEB = "/ghasedak/rest/api/v1/WebService"
PANEL = "/melipayamak/api/SendSMS"
SMSIR_KEY = {"X-API-KEY": "smsir-api-key"}
GHASEDAK_KEY = {"ApiKey": "ghasedak-api-key"}
IPPANEL_KEY = {"Authorization": "ippanel-api-key"}
ACCOUNT = {"username": "nobat", "password": "melipayamak-password"}


async def code_of_each(client: AsyncClient) -> dict[str, Any]:
    """The answers of all providers to the code 4821."""
    verify = {"mobile": MOBILE, "templateId": 100001, "parameters": [{"name": "CODE", "value": "4821"}]}
    otp: dict[str, Any] = {
        "receptors": [{"mobile": MOBILE, "clientReferenceId": "7"}],
        "templateName": "code",
    }
    service = {**ACCOUNT, "to": MOBILE, "bodyId": "100001", "text": "4821"}
    pattern: dict[str, Any] = {"sending_type": "pattern", "from_number": "+983000505", "code": "code"}
    pattern |= {"recipients": ["+98" + MOBILE[1:]], "params": {"code": "4821"}}
    answers = {
        "smsir": await client.post("/smsir/v1/send/verify", json=verify, headers=SMSIR_KEY),
        "ghasedak": await client.post(
            f"{WEB}/SendOtpWithParams", json=otp | {"param1": "4821"}, headers=GHASEDAK_KEY
        ),
        "melipayamak": await client.post(f"{PANEL}/BaseServiceNumber", data=service),
        "ippanel": await client.post("/ippanel/v1/api/send", json=pattern, headers=IPPANEL_KEY),
    }
    return {name: answer.json() for name, answer in answers.items()}


async def test_each_answers_in_its_own_words(client: AsyncClient, sms_books: Books) -> None:
    answers = await code_of_each(client)
    ids = {row["provider"]: row["id"] for row in (await sms_books())["messages"]}
    assert answers["smsir"] == {
        "status": 1,
        "message": "موفق",
        "data": {"messageId": ids["smsir"], "cost": 1500},
    }
    assert answers["ghasedak"]["isSuccess"] is True
    assert answers["ghasedak"]["statusCode"] == 200
    [item] = answers["ghasedak"]["data"]["items"]
    assert (item["messageId"], item["clientReferenceId"]) == (str(ids["ghasedak"]), "7")
    assert answers["melipayamak"] == {
        "Value": str(ids["melipayamak"]),
        "RetStatus": 1,
        "StrRetStatus": "Ok",
    }
    assert answers["ippanel"]["data"] == {"message_outbox_ids": [ids["ippanel"]]}
    assert (answers["ippanel"]["meta"]["status"], answers["ippanel"]["meta"]["message_code"]) == (
        True,
        "200-1",
    )


async def test_one_inbox_shows_the_messages_of_all(client: AsyncClient) -> None:
    await code_of_each(client)
    inbox = (await client.get(f"/sms/inbox/{MOBILE}")).json()
    assert [(item["text"], item["code"]) for item in inbox] == [("کد شما: 4821", "4821")] * 4


async def test_one_text_of_ippanel_goes_to_all_its_recipients(client: AsyncClient) -> None:
    text: dict[str, Any] = {"sending_type": "webservice", "from_number": "+983000505", "message": "سلام"}
    text |= {"params": {"recipients": ["+98" + MOBILE[1:], "+989351112233"]}}
    answer = await client.post("/ippanel/v1/api/send", json=text, headers=IPPANEL_KEY)
    assert len(answer.json()["data"]["message_outbox_ids"]) == 2
    for mobile in (MOBILE, "09351112233"):
        assert [item["text"] for item in (await client.get(f"/sms/inbox/{mobile}")).json()] == ["سلام"]


async def test_a_failure_at_smsir_is_status_0_with_http_400(client: AsyncClient) -> None:
    await client.put(f"/sms/faults/mobiles/{MOBILE}", json=[{"kind": "refuse", "code": 0}])
    text = {"lineNumber": 30007732000000, "messageText": "سلام", "mobiles": [MOBILE]}
    answer = await client.post("/smsir/v1/send/bulk", json=text, headers=SMSIR_KEY)
    assert (answer.status_code, answer.json()["status"]) == (400, 0)


async def test_a_call_is_recorded_as_one(client: AsyncClient, sms_books: Books) -> None:
    voice = {"sending_type": "votp", "message": "4821", "params": {"recipients": [MOBILE]}}
    await client.post("/ippanel/v1/api/send", json=voice, headers=IPPANEL_KEY)
    assert [row["kind"] for row in (await sms_books())["messages"]] == ["call"]
    [item] = (await client.get(f"/sms/inbox/{MOBILE}")).json()
    assert (item["code"], item["kind"]) == ("4821", "call")


@pytest.mark.parametrize(
    ("provider", "refused"),
    [
        ("smsir", lambda answer: answer["status"] == 102),
        ("ghasedak", lambda answer: answer["statusCode"] == 418),
        ("melipayamak", lambda answer: answer["RetStatus"] == 2),
        ("ippanel", lambda answer: answer["meta"]["errors"].keys() == {"credit"}),
    ],
)
async def test_who_has_no_credit_left_takes_nothing(
    client: AsyncClient, sms_books: Books, provider: str, refused: Callable[[Any], bool]
) -> None:
    await client.put(f"/sms/credit/{provider}", json={"credit": 0})
    assert refused((await code_of_each(client))[provider])
    assert provider not in {row["provider"] for row in (await sms_books())["messages"]}


async def test_a_wrong_key_is_refused_by_each(client: AsyncClient) -> None:
    statuses = [
        (await client.get("/smsir/v1/credit")).status_code,
        (await client.get(f"{WEB}/GetAccountInformation")).status_code,
        (await client.get("/ippanel/v1/api/payment/credit/mine")).status_code,
    ]
    assert statuses == [401, 401, 401]
    assert (await client.post(f"{PANEL}/GetCredit", data={})).json()["RetStatus"] == 0


async def test_a_provider_can_be_down_while_the_others_are_not(client: AsyncClient) -> None:
    down = [{"kind": "unavailable", "times": None}]
    await client.put("/sms/faults/providers/ippanel", json=down)
    headers = {**SMSIR_KEY, **IPPANEL_KEY}
    text = {"lineNumber": 30007732000000, "messageText": "سلام", "mobiles": [MOBILE]}
    pair: dict[str, Any] = {"sending_type": "peer_to_peer", "from_number": "+983000505"}
    pair |= {"params": [{"recipients": [MOBILE], "message": "سلام"}]}
    assert (await client.post("/ippanel/v1/api/send", json=pair, headers=headers)).status_code == 503
    assert (await client.post("/smsir/v1/send/bulk", json=text, headers=headers)).status_code == 200


async def test_a_delayed_message_comes_later(client: AsyncClient) -> None:
    await client.put(f"/sms/faults/mobiles/{MOBILE}", json=[{"kind": "delayed", "seconds": 60}])
    text = {"lineNumber": 30007732000000, "messageTexts": ["سلام"], "mobiles": [MOBILE]}
    await client.post("/smsir/v1/send/likeToLike", json=text, headers=SMSIR_KEY)
    assert (await client.get(f"/sms/inbox/{MOBILE}")).json() == []
    await client.post("/sms/clock/advance", json={"seconds": 60})
    assert len((await client.get(f"/sms/inbox/{MOBILE}")).json()) == 1
