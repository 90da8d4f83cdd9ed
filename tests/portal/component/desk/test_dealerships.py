"""Dealerships and the head office on the desk."""

from typing import Any

from portal.testing import changed

ID = "019a0000-0000-7000-8000-00000000000c"
API = PAGE = "/staff/dealerships"
HOURS = {"saturday": [{"opens": "08:00:00", "closes": "12:00:00"}]}
PLAIN = {
    "code": "101", "name": "نمایندگی ری", "province": "تهران", "city": "ری", "address": "یک",
    "phone": "021-1", "hours": "۸ تا ۱۲",
}  # fmt: skip


def dealership(**values: Any) -> dict[str, Any]:
    return {
        **PLAIN, "dealership_id": ID, "weekly_hours": HOURS, "open_now": None, "open_until": None,
        "next_opening": None, "position": {"latitude": 35.5, "longitude": 51.4}, "active": True, **values,
    }  # fmt: skip


async def test_a_dealership_is_changed_and_leaves_the_directory(browser, fake, sign_in):
    await sign_in("manager")
    fake.say("GET", API, 200, {"items": [dealership()]})
    assert f'href="{PAGE}/{ID}"' in (await browser.get(f"{PAGE}?province=تهران")).text
    assert f'href="{PAGE}/{ID}"' not in (await browser.get(f"{PAGE}?province=البرز")).text
    page = await browser.get(f"{PAGE}/{ID}")
    assert all(f'value="{text}"' in page.text for text in ("35.5", "08:00-12:00", "نمایندگی ری"))
    fake.say("PUT", f"{API}/{ID}", 200, dealership())
    values = {**PLAIN, "weekly_hours.saturday": "8-13", "latitude": "", "longitude": "51.4"}
    assert (await browser.send_form(f"{PAGE}/{ID}", **values)).headers["location"] == PAGE
    week = {"saturday": [{"opens": "08:00", "closes": "13:00"}]}
    body = {**PLAIN, "latitude": None, "longitude": "51.4", "weekly_hours": week}
    assert changed(fake.asked) == [("PUT", f"{API}/{ID}", body)]
    fake.say("POST", f"{API}/{ID}/deactivation", 200, dealership(active=False))
    assert (await browser.send_form(f"{PAGE}/{ID}", deed="deactivation")).status_code == 303


async def test_what_is_wrong_with_hours_stands_beside_the_day(browser, fake, sign_in):
    await sign_in("admin")
    page = await browser.send_form(f"{PAGE}/new", **PLAIN, **{"weekly_hours.sunday": "صبح"})
    assert (page.status_code, 'id="weekly_hours.sunday-wrong"' in page.text) == (422, True)
    wrong = [{"field": "weekly_hours.sunday.0", "message": "پایان پس از آغاز است.", "code": "span"}]
    problem = {"code": "validation_failed", "detail": "درست نیست.", "errors": wrong}
    fake.say("POST", API, 422, problem)
    page = await browser.send_form(f"{PAGE}/new", **PLAIN, **{"weekly_hours.sunday": "12-8"})
    assert (page.status_code, 'id="weekly_hours.sunday-wrong"' in page.text) == (422, True)


async def test_the_hours_of_the_office_hold_from_a_day_on(browser, fake, sign_in):
    await sign_in("manager")
    office = {"phone": "021-2", "weekly_hours": HOURS, "open_now": True}
    fake.say("GET", "/office-hours", 200, office)
    assert 'value="08:00-12:00"' in (await browser.get(f"{PAGE}/office")).text
    fake.say("PUT", "/staff/office-hours/2026-06-01", 200, office)
    values = {"valid_from": "1405/03/11", "phone": "021-2", "weekly_hours.saturday": "08:00-12:00"}
    assert (await browser.send_form(f"{PAGE}/office", **values)).headers["location"] == PAGE
    week = {"saturday": [{"opens": "08:00", "closes": "12:00"}]}
    assert changed(fake.asked)[-1][2] == {"phone": "021-2", "weekly_hours": week}
