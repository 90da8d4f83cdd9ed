"""Announcements and questions on the desk."""

from typing import Any

from portal.testing import AT, changed

ID = "019a0000-0000-7000-8000-00000000000d"
API = PAGE = "/staff/articles"
WORDS = {"kind": "announcement", "category": "فروش", "title": "<b>آغاز", "body": "فردا"}


def article(**values: Any) -> dict[str, Any]:
    return {
        **WORDS, "article_id": ID, "pinned": True, "position": 3, "visible_from": AT, "visible_until": None,
        "updated_at": AT, "published": False, "visible": False, "version": 7, **values,
    }  # fmt: skip


async def test_an_announcement_is_drafted_and_published(browser, fake, sign_in):
    await sign_in("care")
    fake.say("POST", API, 201, article())
    values = {**WORDS, "body": "یک\r\nدو", "visible_from_on": "۱۴۰۵/۰۳/۱۱", "visible_from_time": "۸:۳۰"}
    page = await browser.send_form(f"{PAGE}/new", **values)
    assert (page.status_code, 'id="visible_from_time-wrong"' in page.text) == (422, True)
    answer = await browser.send_form(f"{PAGE}/new", **values | {"visible_from_time": "۰۸:۳۰"})
    assert answer.headers["location"] == f"{PAGE}/{ID}"
    period = {"visible_from": "2026-06-01T08:30:00+03:30", "visible_until": None}
    body = {**WORDS, "body": "یک\nدو", "pinned": False, "position": 0, **period}
    assert changed(fake.asked) == [("POST", API, body)]
    fake.say("GET", f"{API}/{ID}", 200, article())
    fake.say("POST", f"{API}/{ID}/publication", 200, article(published=True))
    assert (await browser.send_form(f"{PAGE}/{ID}", deed="publication")).status_code == 303


async def test_another_ones_change_is_not_overwritten(browser, fake, sign_in):
    await sign_in("manager")
    fake.say("GET", f"{API}/{ID}", 200, article(published=True, visible=True))
    page = await browser.get(f"{PAGE}/{ID}")
    assert all(f'value="{text}"' in page.text for text in ("7", "1405/03/11", "11:30", "&lt;b&gt;آغاز"))
    problem = {"code": "article_changed", "detail": "همکاری آن را تغییر داده است."}
    fake.say("PUT", f"{API}/{ID}", 409, problem)
    page = await browser.send_form(f"{PAGE}/{ID}", **WORDS | {"title": "تازه"}, version="6")
    assert changed(fake.asked)[-1][2]["version"] == 6
    assert (page.status_code, problem["detail"] in page.text, 'value="تازه"' in page.text) == (
        409,
        True,
        True,
    )


async def test_an_auditor_reads_drafts_and_writes_none(browser, fake, sign_in):
    await sign_in("auditor")
    fake.say("GET", API, 200, {"items": [article()], "next_cursor": ID})
    page = await browser.get(f"{PAGE}?kind=question")
    assert fake.asked[-1].query == {"kind": "question"}
    assert (f"{PAGE}/new" in page.text, f"kind=question&amp;cursor={ID}" in page.text) == (False, True)
    fake.say("GET", f"{API}/{ID}", 200, article())
    assert 'value="publication"' not in (await browser.get(f"{PAGE}/{ID}")).text
