"""GET /messages: what a person was sent."""

from uuid import uuid4

import pytest

from events.sales import ContractActivated, OrderLapsed


@pytest.fixture
async def told(notify, person):
    """A customer who was welcomed, whose order lapsed, and who has another with a contract."""
    orders = [uuid4(), uuid4()]
    about = {"version": 1, "customer_id": person.customer_id, "request_number": "140400000017"}
    await notify.handle(person.registered())
    await notify.handle(OrderLapsed(order_id=orders[0], **about))
    await notify.handle(ContractActivated(order_id=orders[1], contract_number="K-21", **about))
    await notify.send()
    return orders


@pytest.fixture
def read(notify, person, api):
    async def read(*, subject=person.customer_id, **query):
        return await api.get("/messages", params=query, headers=notify.keys.authorization(subject))

    return read


async def test_own_messages_come_newest_first(told, read):
    page = (await read()).json()
    assert [item["template"] for item in page["items"]] == ["contract_activated", "order_lapsed", "welcome"]
    assert [item["state"] for item in page["items"]] == ["sent"] * 3
    assert page["items"][2]["text"].startswith("نازنین گرامی")
    assert page["next_cursor"] is None


async def test_the_messages_of_an_order_are_found(told, read):
    page = (await read(order_id=told[1])).json()
    [item] = page["items"]
    assert (item["template"], item["order_id"]) == ("contract_activated", str(told[1]))
    assert "K-21" in item["text"]


async def test_a_cursor_leads_through_all_pages(told, read):
    seen, cursor = [], None
    for _ in range(3):
        page = (await read(limit=1, **({"cursor": cursor} if cursor else {}))).json()
        seen += [item["template"] for item in page["items"]]
        cursor = page["next_cursor"]
    assert seen == ["contract_activated", "order_lapsed", "welcome"]
    assert cursor is None


async def test_anothers_messages_are_not_shown(told, read):
    page = (await read(subject=uuid4(), order_id=told[0])).json()
    assert page == {"items": [], "next_cursor": None}


async def test_a_message_that_waits_for_its_contact_is_shown(notify, person, read):
    event = OrderLapsed(version=1, customer_id=person.customer_id, order_id=uuid4(), request_number="17")
    await notify.handle(event)
    [item] = (await read()).json()["items"]
    assert item["state"] == "queued"


async def test_nobody_reads_without_a_token(api):
    answer = await api.get("/messages")
    assert answer.status_code == 401


@pytest.mark.parametrize(
    "query", [{"order_id": "x"}, {"cursor": "x"}, {"limit": 0}, {"limit": 101}, {"limit": "ten"}]
)
async def test_a_wrong_question_is_answered_with_the_field(read, query):
    answer = await read(**query)
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == list(query)
