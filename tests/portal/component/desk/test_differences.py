"""Differences on the desk: filtered, taken, closed."""

from html import unescape

from portal.testing import AT, ME

BATCH = "01981f2a-0000-7000-8000-0000000000c1"
FIRST, SECOND = "01981f2a-0000-7000-8000-0000000000c2", "01981f2a-0000-7000-8000-0000000000c3"
DIFFERENCE = "01981f2a-0000-7000-8000-0000000000c4"
MONEY = 1_500_000_000


async def send(browser, page: str, path: str, **values: str):
    """A form of ``page`` that goes to ``path``."""
    shown = (await browser.get(page)).text
    csrf = shown.partition('name="csrf" value="')[2].partition('"')[0]
    return await browser.post(path, data={"csrf": csrf, **values})


def difference(**changes):
    ids = ("payment_id", "bill_id", "owner", "taken_at", "closed_at", "note")
    return {
        **dict.fromkeys(ids),
        "id": DIFFERENCE,
        "source": "deposits",
        "institution": "melli",
        "day": "2026-11-20",
        "reason": "too_little",
        "words_fa": "مبلغ از مانده‌ی قبض کمتر بود.",
        "words_en": "Less than was outstanding.",
        "reference": "77",
        "theirs": 10,
        "ours": 20,
        "found_at": AT,
        **changes,
    }


async def test_differences_are_filtered_taken_and_closed_where_one_was(browser, fake, sign_in):
    await sign_in("finance")
    api = "/staff/differences"
    fake.say("GET", api, 200, {"items": [difference()], "next_cursor": DIFFERENCE})
    place = "/staff/differences?state=open&day=1405/08/29&owner=mine"
    page = await browser.get(place)
    assert "مبلغ از مانده‌ی قبض کمتر بود." in page.text
    assert f"cursor={DIFFERENCE}" in page.text
    fake.say("POST", f"{api}/{DIFFERENCE}/taking", 200, difference(owner=ME))
    answer = await send(browser, place, place, deed="take", difference_id=DIFFERENCE)
    assert answer.headers["location"] == place
    assert fake.asked[-1].body == {"over": False}
    fake.say("GET", api, 200, {"items": [difference(owner=ME, taken_at=AT)], "next_cursor": None})
    wrong = [{"field": "note", "message": "بنویسید چه شد.", "code": "too_short"}]
    problem = {"code": "validation_failed", "detail": "درست نیست.", "errors": wrong}
    fake.say("POST", f"{api}/{DIFFERENCE}/closing", 422, problem)
    name = f"note.{DIFFERENCE}"
    answer = await send(browser, place, place, deed="close", difference_id=DIFFERENCE, **{name: "x"})
    assert f'id="{name}-wrong"' in answer.text
    closing = next(one for one in fake.asked if one.path.endswith("/closing"))
    assert closing.body == {"note": "x"}


async def test_a_day_that_is_none_is_said_and_nothing_is_asked(browser, fake, sign_in):
    await sign_in("auditor")
    page = await browser.get("/staff/differences?day=1405/13/40")
    assert 'id="day-wrong"' in page.text
    page = await browser.get("/staff/audit?since=nothing")
    assert (page.status_code, 'id="since-wrong"' in page.text) == (422, True)
    assert fake.asked == []


async def test_what_the_filters_leave_is_taken_along_as_a_file(browser, fake, sign_in):
    await sign_in("auditor")
    fake.say("GET", "/staff/differences", 200, {"items": [], "next_cursor": None})
    shown = unescape((await browser.get("/staff/differences?owner=mine&day=1405/03/11")).text)
    link = shown.partition('href="/staff/differences/export?')[2].partition('"')[0]
    fake.say("GET", "/staff/differences/export", 200, {"file": 1})
    assert (await browser.get(f"/staff/differences/export?{link}")).json() == {"file": 1}
    chosen = {"state": "open", "owner": ME, "day": "2026-06-01", "format": "csv"}
    assert fake.asked[-1].query == chosen
