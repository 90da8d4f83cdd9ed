"""A draw on the desk: its list, its values, its two people."""

from portal.testing import AT, COLLEAGUE, ME

PLAN = "01981f2a-0000-7000-8000-0000000000aa"
ORDER = "01981f2a-0000-7000-8000-0000000000ab"
IMPORT = "01981f2a-0000-7000-8000-0000000000ac"
TRANSFER = "01981f2a-0000-7000-8000-0000000000ad"


RECIPE = {
    "witnesses": [{"name": "کانون", "commitment": "a" * 64}],
    "witnesses_until": "2026-11-21T08:00:00Z",
    "sources": [
        {
            "name": "بورس",
            "alternatives": [
                {"name": "شاخص کل", "reading": "تارنمای بورس", "at": "2026-11-21T09:00:00Z"},
                {"name": "شاخص هم‌وزن", "reading": "تارنمای بورس", "at": "2026-11-22T09:00:00Z"},
            ],
        }
    ],
    "abort_after": "2026-11-23T09:00:00Z",
}


def draw(**changes):
    nothing = ("commitment", "commitment_sha256", "recipe", "seed", "selected", "reserve", "drawn_at")
    people = ("frozen_by", "proposed_by", "proposed_at", "confirmed_by", "problem", "entries")
    return {
        **dict.fromkeys((*nothing, *people)),
        "plan_id": PLAN,
        "circular": "۱۴۰۵-۷",
        "title": "طرح پاییز",
        "state": "closed",
        "closes_at": AT,
        "values": [],
        "aborted": [],
        "files": [],
        "waiting": 12,
        "attempt": 0,
        **changes,
    }


async def test_the_list_is_frozen_with_the_rows_that_were_filled_in(browser, fake, sign_in):
    await sign_in("manager")
    fake.say("GET", f"/staff/draws/{PLAN}", 200, draw())
    fake.say("POST", f"/staff/draws/{PLAN}/freeze", 202, draw(state="freezing"))
    row = "sources.1.alternatives.0"
    answer = await browser.send_form(
        f"/staff/draws/{PLAN}/freeze",
        **{
            "room": "2",
            "witnesses.1.name": "کانون",
            "witnesses.1.commitment": "a" * 64,
            "witnesses_until_on": "۱۴۰۵/۰۹/۱۵",
            "witnesses_until_time": "08:30",
            "sources.1.name": "بورس",
            f"{row}.name": "شاخص کل",
            f"{row}.reading": "تارنمای بورس",
            f"{row}.at_on": "1405/09/15",
            f"{row}.at_time": "12:00",
            "abort_after_on": "1405/09/20",
            "abort_after_time": "",
        },
    )
    assert answer.status_code == 303
    assert fake.asked[-1].body == {
        "witnesses": [{"name": "کانون", "commitment": "a" * 64}],
        "witnesses_until": "2026-12-06T08:30:00+03:30",
        "sources": [
            {
                "name": "بورس",
                "alternatives": [
                    {"name": "شاخص کل", "reading": "تارنمای بورس", "at": "2026-12-06T12:00:00+03:30"}
                ],
            }
        ],
        "abort_after": "2026-12-11T00:00:00+03:30",
    }
    fake.say("POST", f"/staff/draws/{PLAN}/freeze", 422, {"code": "notice_too_short", "detail": "زود است."})
    asked = await browser.send_form(f"/staff/draws/{PLAN}/freeze", room="2", more="yes")
    assert 'name="sources.2.name"' in asked.text
    asked = await browser.send_form(f"/staff/draws/{PLAN}/freeze", room="2")
    assert asked.status_code == 422
    assert len(fake.asked) == len([one for one in fake.asked if one.method == "GET"]) + 1


async def test_a_source_is_read_in_turn_and_one_that_failed_leads_to_the_next(browser, fake, sign_in):
    await sign_in("manager")
    said = {"kind": "source", "name": "بورس", "alternative": 1, "value": None, "evidence": "تعطیل بود"}
    frozen = draw(state="frozen", recipe=RECIPE, entries=12, attempt=1, values=[])
    fake.say("GET", f"/staff/draws/{PLAN}", 200, frozen)
    fake.say("PUT", f"/staff/draws/{PLAN}/sources/1/alternatives/1", 200, frozen)
    page = await browser.get(f"/staff/draws/{PLAN}")
    assert 'name="value.1.1"' in page.text
    assert 'name="value.1.2"' not in page.text
    values = {"deed": "value", "number": "1.1", "failed.1.1": "yes", "evidence.1.1": "تعطیل بود"}
    await browser.send_form(f"/staff/draws/{PLAN}", **values)
    assert fake.asked[-1].body == {"value": None, "evidence": "تعطیل بود"}
    fake.say("GET", f"/staff/draws/{PLAN}", 200, {**frozen, "values": [said]})
    page = await browser.get(f"/staff/draws/{PLAN}")
    assert 'name="value.1.2"' in page.text
    assert 'name="value.1.1"' not in page.text
    early = {"code": "value_too_early", "detail": "هنوز دانسته نیست."}
    fake.say("PUT", f"/staff/draws/{PLAN}/witnesses/1", 409, early)
    values = {"deed": "reveal", "number": "1", "value.1": "B" * 64}
    page = await browser.send_form(f"/staff/draws/{PLAN}", **values)
    assert page.status_code == 409
    assert "هنوز دانسته نیست." in page.text
    assert "B" * 64 in page.text


async def test_who_proposed_the_start_is_not_offered_it_and_a_colleague_is(browser, fake, sign_in):
    await sign_in("manager")
    frozen = draw(state="frozen", recipe=RECIPE, proposed_by=ME, proposed_at=AT)
    fake.say("GET", f"/staff/draws/{PLAN}", 200, frozen)
    assert 'value="start"' not in (await browser.get(f"/staff/draws/{PLAN}")).text
    fake.say("GET", f"/staff/draws/{PLAN}", 200, {**frozen, "proposed_by": COLLEAGUE})
    assert 'value="start"' in (await browser.get(f"/staff/draws/{PLAN}")).text
    assert (await browser.send_form(f"/staff/draws/{PLAN}", deed="anything")).status_code == 422
    fake.say("POST", f"/staff/draws/{PLAN}/start", 202, draw(state="seeded"))
    assert (await browser.send_form(f"/staff/draws/{PLAN}", deed="start")).status_code == 303
    file = {"name": "result.txt", "path": f"/draws/{PLAN}/result", "sha256": "c" * 64, "size": 900}
    fake.say("GET", f"/staff/draws/{PLAN}", 200, draw(state="drawn", drawn_at=AT, selected=3, files=[file]))
    page = await browser.get(f"/staff/draws/{PLAN}")
    assert f'href="/api/v1/draws/{PLAN}/result"' in page.text


async def test_an_auditor_sees_a_draw_and_no_button_of_it(browser, fake, sign_in):
    await sign_in("auditor")
    fake.say("GET", f"/staff/draws/{PLAN}", 200, draw(state="frozen", recipe=RECIPE))
    page = await browser.get(f"/staff/draws/{PLAN}")
    assert 'name="deed"' not in page.text
