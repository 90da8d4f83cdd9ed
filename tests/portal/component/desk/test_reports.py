"""Reports on the desk, shown and taken along."""

from html import unescape

from portal.testing import AT

PLAN = "019a0000-0000-7000-8000-00000000000a"


async def test_orders_are_counted_by_what_is_chosen_and_taken_along(browser, fake, sign_in):
    await sign_in("finance")
    columns = ["plan", "state", "day", "orders", "price"]
    row = {"plan": "۷", "state": "settled", "day": "2026-06-01", "orders": 1200, "price": 9_000_000}
    fake.say("GET", "/staff/reports/orders", 200, {"columns": columns, "items": [row]})
    chosen = "plan_id=x&since=1405/03/11&until=۱۴۰۵/۰۳/۱۱&by=plan&by=day&by=anything"
    page = await browser.get(f"/staff/reports?{chosen}")
    assert fake.asked[-1].query == {
        "plan_id": "x",
        "since": "2026-06-01T00:00:00+03:30",
        "until": "2026-06-02T00:00:00+03:30",
        "by": "day",
    }
    assert all(text in page.text for text in ("۱٬۲۰۰", "۹٬۰۰۰٬۰۰۰ ریال", "۱۱ خرداد ۱۴۰۵"))
    shown = unescape(page.text)
    link = shown.partition('href="/staff/reports/every-order?')[2].partition('"')[0]
    fake.say("GET", "/staff/reports/orders/export", 200, {"file": 1})
    assert (await browser.get(f"/staff/reports/every-order?{link}")).json() == {"file": 1}
    assert fake.asked[-1].query["since"] == "2026-06-01T00:00:00+03:30"
    assert fake.asked[-1].query["format"] == "csv"


async def test_each_report_has_its_page_and_its_file(browser, fake, sign_in):
    await sign_in("care")
    capacity = {"circular": "۷", "level": "class", "key": "veterans", "capacity": 5, "sold": 2, "free": None}
    complaints = {"section": "sales", "unresolved": 3, "warned": 0}
    for name, row in (("capacity", capacity), ("complaints", complaints)):
        fake.say("GET", f"/staff/reports/{name}", 200, {"columns": list(row), "items": [row]})
        page = await browser.get(f"/staff/reports/{name}")
        assert (page.status_code, "every-order" in page.text) == (200, False)
        assert "veterans" not in page.text, "a code where a word belongs"
        answer = await browser.get(f"/staff/reports/{name}/file?format=xlsx")
        assert (answer.status_code, fake.asked[-1].query) == (200, {"format": "xlsx"})
    assert (await browser.get("/staff/reports/anything")).status_code == 404


async def test_who_is_no_manager_sees_whose_deposits_are_blocked_and_who_was_invited(browser, fake, sign_in):
    await sign_in("finance")
    plan = {"plan_id": PLAN, "title": "پاییز", "circular": "7", "offerings": []}
    fake.say("GET", "/plans", 200, {"items": [plan]})
    fake.say("GET", f"/staff/plans/{PLAN}/deposits", 200, {"orders": 10, "blocked": 7})
    page = (await browser.get("/staff/reports/deposits")).text
    assert ("پاییز (۷)" in page, "xlsx" in page) == (True, False)
    page = (await browser.get(f"/staff/reports/deposits?plan_id={PLAN}")).text
    assert ("<dd>۱۰</dd>" in page, "<dd>۷</dd>" in page) == (True, True)
    fake.say("GET", f"/staff/plans/{PLAN}/deposits/missing", 200, {"file": 1})
    link = unescape(page).partition('href="/staff/reports/deposits/missing?')[2].partition('"')[0]
    assert (await browser.get(f"/staff/reports/deposits/missing?{link}")).json() == {"file": 1}
    fake.say("GET", f"/plans/{PLAN}", 200, plan)
    fake.say("GET", f"/staff/plans/{PLAN}/invitations", 200, {"items": []})
    assert f'href="/staff/plans/{PLAN}/invitations"' in page
    page = (await browser.get(f"/staff/plans/{PLAN}/invitations")).text
    assert ('href="/staff/plans"' in page, "صدور" in page) == (False, False)


async def test_a_day_that_is_none_or_a_plan_that_is_none_is_said(browser, fake, sign_in):
    await sign_in("manager")
    page = await browser.get("/staff/reports?since=1405/13/01")
    asked = [one.path for one in fake.asked]
    assert (page.status_code, 'id="since-wrong"' in page.text, asked) == (422, True, ["/api/v1/plans"])
    wrong = [{"field": "query.plan_id", "message": "شناسه نیست.", "code": "uuid"}]
    problem = {"code": "validation_failed", "detail": "درست نیست.", "errors": wrong}
    fake.say("GET", "/staff/reports/capacity", 422, problem)
    page = await browser.get("/staff/reports/capacity?plan_id=x")
    assert (page.status_code, 'id="plan_id-wrong"' in page.text, AT in page.text) == (422, True, False)
