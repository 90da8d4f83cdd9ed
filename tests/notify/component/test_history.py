"""What a customer was sent, for staff; sending it again; wanting no texts in bulk."""

from uuid import UUID, uuid4

import pytest

from events.sales import OrderLapsed

PATH = "/staff/messages"


@pytest.fixture
async def told(notify, person):
    """A customer who was welcomed and whose order lapsed."""
    await notify.handle(person.registered())
    event = OrderLapsed(
        version=1, customer_id=person.customer_id, order_id=uuid4(), request_number="140400000017"
    )
    await notify.handle(event)
    await notify.send()
    return person


async def history(staff, person, role="operator", **query):
    answer = await staff(role, "GET", PATH, params={"customer_id": str(person.customer_id), **query})
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_staff_see_what_became_of_messages_and_nothing_personal(told, staff):
    lapsed, welcome = (await history(staff, told))["items"]
    assert (welcome["template"], welcome["state"], welcome["provider"]) == ("welcome", "sent", "kavenegar")
    assert welcome["text"] == "••• گرامی، حساب شما در نوبت فعال شد."
    assert "140400000017" in lapsed["text"]
    assert (lapsed["parts"], lapsed["attempts"], lapsed["failure"]) == (2, 1, None)


async def test_history_comes_in_pages(told, staff):
    first = await history(staff, told, limit=1)
    second = await history(staff, told, limit=1, cursor=first["next_cursor"])
    assert [page["items"][0]["template"] for page in (first, second)] == ["order_lapsed", "welcome"]
    assert second["next_cursor"] is None


async def test_looking_and_sending_again_stand_in_the_trail_of_the_person(notify, told, staff):
    lapsed, _ = (await history(staff, told))["items"]
    notify.clock.advance(minutes=6)
    again = await staff("care", "POST", f"{PATH}/{lapsed['message_id']}/resend")
    assert again.status_code == 201
    query = {"subject": str(told.customer_id)}
    trail = (await staff("auditor", "GET", "/staff/audit/notify", params=query)).json()["items"]
    actions = [entry["action"] for entry in trail if entry["action"] != "audit.read"]
    assert actions == ["notify.message.resent", "notify.messages.viewed"]


async def test_a_message_is_sent_again_once_and_its_repetition_may_be_too(notify, told, staff, simulator):
    lapsed, _ = (await history(staff, told))["items"]
    path = f"{PATH}/{lapsed['message_id']}/resend"
    early = await staff("care", "POST", path)
    assert (early.status_code, early.json()["code"]) == (409, "message_under_way")
    notify.clock.advance(minutes=6)
    key = {"headers": {"Idempotency-Key": f"resend-{uuid4()}"}}
    once, twice = await staff("care", "POST", path, **key), await staff("care", "POST", path, **key)
    assert once.json() == twice.json()
    assert (await staff("care", "POST", path)).json()["code"] == "message_resent"
    await notify.send()
    texts = [item["text"] for item in await simulator.inbox(told.mobile)]
    assert len([text for text in texts if "140400000017" in text]) == 2
    notify.clock.advance(minutes=6)
    again = once.json()["message_id"]
    assert (await staff("care", "POST", f"{PATH}/{again}/resend")).status_code == 201
    assert (await history(staff, told))["items"][0]["resent_of"] == again


async def test_a_code_is_nobodys_to_send_again(notify, person, staff):
    await notify.handle(person.code_issued("482913", notify.clock().replace(year=2090)))
    await notify.send()
    [row] = await notify.rows("id")
    assert (await staff("care", "POST", f"{PATH}/{row['id']}/resend")).status_code == 404
    assert (await history(staff, person))["items"] == []


async def test_only_who_may_look_looks(told, staff):
    for role in ("finance", "dealer", "buyer"):
        answer = await staff(role, "GET", PATH, params={"customer_id": str(told.customer_id)})
        assert answer.status_code == 403
    assert (await staff("auditor", "POST", f"{PATH}/{UUID(int=0)}/resend")).status_code == 403


async def test_a_buyer_says_whether_texts_in_bulk_are_wanted(notify, person, api):
    headers = notify.keys.authorization(person.customer_id)
    path = "/messages/preferences"
    assert (await api.get(path, headers=headers)).json() == {"bulk": True}
    for wish in (False, False, True):
        assert (await api.put(path, json={"bulk": wish}, headers=headers)).json() == {"bulk": wish}
        assert (await api.get(path, headers=headers)).json() == {"bulk": wish}
    assert (await api.put(path, json={"bulk": "perhaps"}, headers=headers)).status_code == 422
    assert (await api.get(path)).status_code == 401


async def test_who_wants_nothing_in_bulk_still_hears_of_orders_and_gets_codes(notify, simulator, person, api):
    await api.put(
        "/messages/preferences", json={"bulk": False}, headers=notify.keys.authorization(person.customer_id)
    )
    await notify.handle(person.registered())
    await notify.handle(person.code_issued("482913", notify.clock().replace(year=2090)))
    await notify.send()
    assert len(await simulator.inbox(person.mobile)) == 2
