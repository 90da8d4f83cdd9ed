"""What an SMS provider does wrong when it is told to."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from httpx import AsyncClient, Response

Call = Callable[..., Awaitable[Response]]
Books = Callable[[], Awaitable[dict[str, Any]]]

MOBILE = "09121234567"


@pytest.fixture
def arm(client: AsyncClient) -> Callable[..., Awaitable[None]]:
    async def arm(kind: str, **details: Any) -> None:
        answer = await client.put(f"/sms/faults/mobiles/{MOBILE}", json=[{"kind": kind, **details}])
        assert answer.status_code == 200, answer.text

    return arm


@pytest.mark.parametrize("code", [409, 418])
async def test_a_message_can_be_refused_with_a_code(
    kavenegar: Call, sms_books: Books, arm: Callable[..., Awaitable[None]], code: int
) -> None:
    await arm("refuse", code=code)
    answer = await kavenegar("sms/send", receptor=MOBILE, message="سلام")
    assert (answer.status_code, answer.json()["return"]["status"]) == (code, code)
    assert (await sms_books())["messages"] == []
    assert (await kavenegar("sms/send", receptor=MOBILE, message="سلام")).status_code == 200


async def test_the_provider_can_be_down(
    kavenegar: Call, sms_books: Books, arm: Callable[..., Awaitable[None]]
) -> None:
    await arm("unavailable", times=2)
    answers = [
        await kavenegar("verify/lookup", receptor=MOBILE, template="code", token="1234") for _ in range(3)
    ]
    assert [answer.status_code for answer in answers] == [503, 503, 200]
    books = await sms_books()
    assert (len(books["messages"]), books["totals"]["requests"]) == (1, 3)


@pytest.mark.parametrize(("kind", "taken"), [("hang_done", 1), ("hang_lost", 0)])
async def test_a_time_out_may_hide_a_sent_message_that_its_local_id_finds(
    kavenegar: Call, sms_books: Books, arm: Callable[..., Awaitable[None]], kind: str, taken: int
) -> None:
    await arm(kind, seconds=0)
    lost = await kavenegar("sms/send", receptor=MOBILE, message="سلام", localid="9")
    assert lost.status_code == 504
    assert len((await sms_books())["messages"]) == taken
    await kavenegar("sms/send", receptor=MOBILE, message="سلام", localid="9")
    totals = (await sms_books())["totals"]
    assert (totals["messages"], totals["repeats"]) == (1, taken)


async def test_a_delayed_answer_comes(kavenegar: Call, arm: Callable[..., Awaitable[None]]) -> None:
    await arm("slow", seconds=0.01)
    assert (await kavenegar("sms/send", receptor=MOBILE, message="سلام")).status_code == 200


@pytest.mark.parametrize(("kind", "status"), [("undelivered", 11), ("blocked", 14)])
async def test_a_lost_message_is_taken_and_never_reaches_the_phone(
    client: AsyncClient, kavenegar: Call, arm: Callable[..., Awaitable[None]], kind: str, status: int
) -> None:
    await arm(kind)
    sent = await kavenegar("sms/send", receptor=MOBILE, message="سلام")
    message_id = sent.json()["entries"][0]["messageid"]
    await client.post("/sms/clock/advance", json={"seconds": 10})
    [entry] = (await kavenegar("sms/status", messageid=message_id)).json()["entries"]
    assert entry["status"] == status
    assert (await client.get(f"/sms/inbox/{MOBILE}")).json() == []


async def test_one_of_many_receptors_can_be_blocked(
    client: AsyncClient, kavenegar: Call, sms_books: Books, arm: Callable[..., Awaitable[None]]
) -> None:
    await arm("blocked")
    await kavenegar("sms/send", receptor=f"09351112233,{MOBILE}", message="سلام")
    await client.post("/sms/clock/advance", json={"seconds": 10})
    messages = (await sms_books())["messages"]
    assert [(m["mobile"], m["delivery"]) for m in messages] == [
        ("09351112233", "delivered"),
        (MOBILE, "blocked"),
    ]


async def test_faults_for_the_next_messages_reach_only_those(client: AsyncClient, kavenegar: Call) -> None:
    await client.post("/sms/faults/next", json={"count": 2, "faults": [{"kind": "unavailable"}]})
    answers = [await kavenegar("sms/send", receptor=MOBILE, message="سلام") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [503, 503, 200]


async def test_a_run_with_the_same_seed_does_the_same(client: AsyncClient, kavenegar: Call) -> None:
    async def run() -> list[int]:
        chances = [{"probability": 0.5, "fault": {"kind": "refuse", "code": 409}}]
        await client.put("/sms/faults/run", json={"seed": 3, "chances": chances})
        return [(await kavenegar("sms/send", receptor=MOBILE, message="سلام")).status_code for _ in range(20)]

    first = await run()
    assert set(first) == {200, 409}
    assert await run() == first


async def test_cleared_faults_do_not_strike(
    client: AsyncClient, kavenegar: Call, arm: Callable[..., Awaitable[None]]
) -> None:
    await arm("unavailable", times=None)
    await client.delete("/sms/faults")
    assert (await client.get("/sms/faults")).json() == {"waiting": [], "seed": None, "chances": []}
    assert (await kavenegar("sms/send", receptor=MOBILE, message="سلام")).status_code == 200
