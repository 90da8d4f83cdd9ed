"""Kavenegar's protocol as its clients see it, without faults."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from httpx import AsyncClient, Response

Call = Callable[..., Awaitable[Response]]
Books = Callable[[], Awaitable[dict[str, Any]]]

MOBILE = "09121234567"


def code_of(answer: Response) -> int:
    body = answer.json()
    code: int = body["return"]["status"]
    assert answer.status_code == min(code, 400 if code > 599 else code)
    assert (body["entries"] is None) == (code != 200)
    return code


async def test_a_sent_message_is_answered_with_its_entry(kavenegar: Call) -> None:
    body = (await kavenegar("sms/send", receptor=MOBILE, message="سلام")).json()
    assert body["return"] == {"status": 200, "message": "تایید شد"}
    [entry] = body["entries"]
    assert isinstance(entry.pop("messageid"), int)
    assert isinstance(entry.pop("date"), int)
    assert entry == {
        "message": "سلام",
        "status": 1,
        "statustext": "در صف ارسال",
        "sender": "2000660110",
        "receptor": MOBILE,
        "cost": 1500,
    }


async def test_get_serves_as_well_as_post(client: AsyncClient) -> None:
    query = {"receptor": MOBILE, "message": "سلام"}
    assert code_of(await client.get("/v1/kavenegar-api-key/sms/send.json", params=query)) == 200


async def test_many_receptors_get_a_message_each(kavenegar: Call) -> None:
    answer = await kavenegar("sms/send", receptor=f"{MOBILE},+989351112233", message="سلام")
    assert [entry["receptor"] for entry in answer.json()["entries"]] == [MOBILE, "09351112233"]


async def test_a_known_local_id_is_not_sent_again(kavenegar: Call, sms_books: Books) -> None:
    answers = [
        await kavenegar("sms/send", receptor=MOBILE, message=f"متن {n}", localid="42") for n in range(3)
    ]
    ids = {answer.json()["entries"][0]["messageid"] for answer in answers}
    texts = {answer.json()["entries"][0]["message"] for answer in answers}
    assert (len(ids), texts) == (1, {"متن 0"})
    books = await sms_books()
    assert [(m["localid"], m["repeats"]) for m in books["messages"]] == [("42", 2)]
    assert (books["totals"]["requests"], books["totals"]["messages"], books["totals"]["repeats"]) == (3, 1, 2)
    assert books["credits"]["kavenegar"] == 1_000_000 - 1500


async def test_local_ids_pair_with_receptors(kavenegar: Call, sms_books: Books) -> None:
    two = f"{MOBILE},09351112233"
    assert code_of(await kavenegar("sms/send", receptor=two, message="سلام", localid="1,2")) == 200
    assert code_of(await kavenegar("sms/send", receptor=two, message="سلام", localid="1,2,3")) == 419
    messages = (await sms_books())["messages"]
    assert [(m["mobile"], m["localid"]) for m in messages] == [(MOBILE, "1"), ("09351112233", "2")]


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"message": ""}, 400),
        ({"receptor": ""}, 400),
        ({"receptor": "02112345678"}, 411),
        ({"receptor": "09121234567,x"}, 411),
        ({"receptor": ",".join([MOBILE] * 201)}, 414),
        ({"sender": "3000"}, 412),
        ({"message": "م" * 901}, 413),
        ({"date": "tomorrow"}, 417),
        ({"tag": "no spaces please"}, 607),
    ],
)
async def test_a_wrong_field_has_its_own_code(
    kavenegar: Call, sms_books: Books, wrong: dict[str, str], code: int
) -> None:
    assert code_of(await kavenegar("sms/send", **{"receptor": MOBILE, "message": "سلام"} | wrong)) == code
    assert (await sms_books())["messages"] == []


async def test_a_bad_key_is_refused_with_403(client: AsyncClient) -> None:
    for method in ("sms/send", "verify/lookup", "sms/status", "account/info"):
        assert code_of(await client.post(f"/v1/wrong/{method}.json")) == 403


async def test_an_unknown_method_is_refused_with_404(kavenegar: Call) -> None:
    assert code_of(await kavenegar("sms/teleport")) == 404


async def test_no_credit_is_refused_with_418(client: AsyncClient, kavenegar: Call, sms_books: Books) -> None:
    many = ",".join([MOBILE] * 200)
    for _ in range(3):
        assert code_of(await kavenegar("sms/send", receptor=many, message="سلام")) == 200
    assert code_of(await kavenegar("sms/send", receptor=many, message="سلام")) == 418
    info = (await kavenegar("account/info")).json()["entries"]
    assert info["remaincredit"] == 1_000_000 - 600 * 1500
    assert set(info) == {"remaincredit", "expiredate", "type"}


async def test_a_lookup_renders_its_template_and_shows_the_code(client: AsyncClient, kavenegar: Call) -> None:
    pattern = {"name": "greeting", "text": "%token20 گرامی، کد %token تا %token2"}
    assert (await client.post("/sms/templates", json=pattern)).status_code == 201
    answer = await kavenegar(
        "verify/lookup",
        receptor=MOBILE,
        template="greeting",
        token="123456",
        token2="12:30",
        token20="مریم ب",
    )
    assert code_of(answer) == 200
    assert answer.json()["entries"][0]["message"] == "مریم ب گرامی، کد 123456 تا 12:30"
    [item] = (await client.get(f"/sms/inbox/{MOBILE}")).json()
    assert (item["text"], item["code"]) == ("مریم ب گرامی، کد 123456 تا 12:30", "123456")


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"template": "unknown"}, 424),
        ({"template": "empty"}, 432),
        ({"template": "two"}, 400),
        ({"token": ""}, 400),
        ({"token": "12 34"}, 431),
        ({"token": "1" * 101}, 431),
        ({"token10": "a b c d e f g"}, 431),
        ({"receptor": "0912"}, 411),
        ({"type": "fax"}, 400),
        ({"type": "call", "token": "a1"}, 428),
    ],
)
async def test_a_wrong_lookup_has_its_own_code(
    client: AsyncClient, kavenegar: Call, wrong: dict[str, str], code: int
) -> None:
    await client.post("/sms/templates", json={"name": "empty", "text": "سلام"})
    await client.post("/sms/templates", json={"name": "two", "text": "%token %token2"})
    form = {"receptor": MOBILE, "template": "code", "token": "1234"} | wrong
    assert code_of(await kavenegar("verify/lookup", **form)) == code


async def test_delivery_goes_on_with_time(client: AsyncClient, kavenegar: Call) -> None:
    sent = await kavenegar("sms/send", receptor=MOBILE, message="سلام", localid="7")
    message_id = sent.json()["entries"][0]["messageid"]

    async def state() -> tuple[int, int]:
        by_id = (await kavenegar("sms/status", messageid=message_id)).json()["entries"]
        by_localid = (await kavenegar("sms/statuslocalmessageid", localid="7")).json()["entries"]
        assert by_localid[0] == by_id[0] | {"localid": "7"}
        return by_id[0]["messageid"], by_id[0]["status"]

    seen = [await state()]
    for seconds in (1.5, 3):
        await client.post("/sms/clock/advance", json={"seconds": seconds})
        seen.append(await state())
    assert seen == [(message_id, 1), (message_id, 5), (message_id, 10)]


async def test_a_message_of_the_future_is_scheduled(client: AsyncClient, kavenegar: Call) -> None:
    later = 4_000_000_000
    answer = await kavenegar("sms/send", receptor=MOBILE, message="فردا", date=later)
    entry = answer.json()["entries"][0]
    assert (entry["status"], entry["date"]) == (2, later)
    assert (await client.get(f"/sms/inbox/{MOBILE}")).json() == []


async def test_an_unknown_or_old_message_has_status_100(client: AsyncClient, kavenegar: Call) -> None:
    sent = await kavenegar("sms/send", receptor=MOBILE, message="سلام", localid="7")
    message_id = sent.json()["entries"][0]["messageid"]
    await client.post("/sms/clock/advance", json={"seconds": 48 * 3600 + 1})
    entries = (await kavenegar("sms/status", messageid=f"{message_id},5")).json()["entries"]
    assert [(e["messageid"], e["status"]) for e in entries] == [(message_id, 100), (5, 100)]
    [local] = (await kavenegar("sms/statuslocalmessageid", localid="7")).json()["entries"]
    assert local["status"] == 100
    assert code_of(await kavenegar("sms/status", messageid=",".join(["1"] * 501))) == 414


async def test_the_inbox_is_newest_first_and_takes_any_form_of_the_mobile(
    client: AsyncClient, kavenegar: Call
) -> None:
    for text in ("یک", "دو"):
        await kavenegar("sms/send", receptor="+989121234567", message=text)
    inbox = (await client.get("/sms/inbox/989121234567")).json()
    assert [set(item) for item in inbox] == [{"text", "at"}] * 2
    assert [item["text"] for item in inbox] == ["دو", "یک"]
    assert (await client.get("/sms/inbox/nobody")).status_code == 422
