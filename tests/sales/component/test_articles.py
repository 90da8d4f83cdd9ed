"""What staff writes for everybody, and when everybody sees it."""

from datetime import timedelta
from uuid import uuid4

from sales.articles.domain import search_key, search_words

STAFF = "/api/v1/staff/articles"


def form(**changes):
    told = {
        "kind": "question",
        "category": f"پرداخت {uuid4().hex[:8]}",
        "title": "مهلت پرداخت چقدر است؟",
        "body": "تا پايان مهلتي كه در پيام آمده است.\n\nپس از آن سفارش لغو می‌شود.",
    }
    return told | changes


async def act(office, method, path, body=None, *, roles=("care",), expected=200):
    headers = office.keys.authorization(uuid4(), roles)
    answer = await office.client.request(method, path, json=body, headers=headers)
    assert answer.status_code == expected, answer.text
    return answer.json()


async def published(office, **changes):
    drafted = await act(office, "POST", STAFF, form(**changes), expected=201)
    return await act(office, "POST", f"{STAFF}/{drafted['article_id']}/publication")


async def seen(office, where="faq", **query):
    answer = await office.client.get(f"/api/v1/{where}", params=query)
    assert answer.status_code == 200, answer.text
    return [item["article_id"] for item in answer.json()["items"]]


async def test_a_draft_is_seen_by_everybody_once_it_is_published_and_until_it_is_withdrawn(office):
    drafted = await act(office, "POST", STAFF, form(), expected=201)
    article, category = drafted["article_id"], drafted["category"]
    assert await seen(office, category=category) == []
    assert (await office.client.get(f"/api/v1/faq/{article}")).status_code == 404
    await act(office, "POST", f"{STAFF}/{article}/publication")
    page = (await office.client.get(f"/api/v1/faq/{article}")).json()
    assert page["body"].startswith("تا پایان مهلتی که")
    assert "\n\nپس از آن" in page["body"]
    assert (await office.client.get(f"/api/v1/announcements/{article}")).status_code == 404
    await act(office, "DELETE", f"{STAFF}/{article}/publication")
    assert await seen(office, category=category) == []


async def test_an_announcement_is_seen_in_its_period(office):
    now = office.clock()
    period = {
        "visible_from": (now + timedelta(hours=1)).isoformat(),
        "visible_until": (now + timedelta(hours=2)).isoformat(),
    }
    announced = await published(office, kind="announcement", **period)
    seen_then = []
    for _ in range(3):
        seen_then.append(await seen(office, "announcements", category=announced["category"]))
        office.clock.advance(hours=1)
    assert seen_then == [[], [announced["article_id"]], []]
    wrong = form(visible_from=period["visible_until"], visible_until=period["visible_from"])
    await act(office, "POST", STAFF, wrong, expected=422)


async def test_words_are_found_in_any_spelling_and_order(office):
    article = await published(office)
    category = article["category"]
    for words in ("مهلت", "لغو  سفارش", "ﭘﺎﯾﺎﻥ", "پايان پیام", "می شود"):
        assert await seen(office, q=words, category=category) == [article["article_id"]], words
    assert await seen(office, q="قرعه کشی", category=category) == []
    assert await seen(office, q="100%", category=category) == []


async def test_pinned_ones_come_first_then_by_position_then_the_newest(office):
    category = f"ترتیب {uuid4().hex[:8]}"
    made = [
        await published(office, category=category, **changes)
        for changes in ({"position": 2}, {"position": 1}, {}, {}, {"pinned": True, "position": 9})
    ]
    ids = [one["article_id"] for one in made]
    assert await seen(office, category=category) == [ids[4], ids[3], ids[2], ids[1], ids[0]]


async def test_a_change_in_between_is_not_overwritten(office):
    drafted = await act(office, "POST", STAFF, form(), expected=201)
    path = f"{STAFF}/{drafted['article_id']}"
    body = form(version=1, category=drafted["category"])
    await act(office, "PUT", path, body | {"title": "تازه"})
    refused = await act(office, "PUT", path, body, expected=409)
    assert refused["code"] == "article_changed"
    assert (await act(office, "GET", path))["title"] == "تازه"


async def test_only_who_may_writes(office):
    for roles in (["dealer"], ["auditor"]):
        await act(office, "POST", STAFF, form(), roles=roles, expected=403)
    listed = await act(office, "GET", f"{STAFF}?kind=question", roles=["auditor"])
    assert "items" in listed


def test_words_of_the_search_do_not_run_into_each_other():
    key = search_key("قیمت خودرو")
    assert all(word in key for word in search_words("خودرو قيمت"))
    assert "تخ" not in key
