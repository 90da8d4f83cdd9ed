"""A sales manager at the desk: a plan from the first word to the sale."""

from datetime import timedelta

from chassis.clock import system_clock
from iran import jalali_numeric, tehran_date


async def test_a_manager_writes_a_plan_publishes_it_and_stops_the_sale(colleagues, admin) -> None:
    window = colleagues[0]
    await window.open("/staff/plans")
    await window.follow("طرح تازه")
    await window.fill(circular="۱۴۰۵-میز", title="فروش از میز", opens_on="1405/13/01", opens_time="08:30")
    await window.choose("kind", "immediate")
    await window.fill(closes_on="۱۴۰۶/۰۱/۱۵", closes_time="۲۴", pay_hours="48")
    await window.fill(
        offerings__0__model="سپند", offerings__0__trim="میز", offerings__0__colours="سفید، مشکی"
    )
    await window.fill(
        offerings__0__capacity="۵", offerings__0__price="9,800,000,000", offerings__0__prepayment="1900000000"
    )
    await window.fill(instalments="۴")
    await window.page.locator("#each-instalment summary").click()
    await window.press("جا برای قسط‌های دیگر")
    assert await window.page.input_value('[name="instalments.3.after_days"]') == "120"
    await window.fill(instalments__0__after_days="۴۵", instalments__0__share="۱۲٫۵")
    await window.look("desk-plan-instalments")
    await window.press("نگه داشتن پیش‌نویس")
    assert await window.page.locator(".has-wrong").count() == 2
    assert await window.page.input_value('[name="offerings.0.model"]') == "سپند"
    await window.look("desk-plan-wrong")

    today = tehran_date(system_clock())
    await window.fill(opens_on=jalali_numeric(today - timedelta(days=1)), closes_time="۱۸:۰۰")
    await window.press("جا برای خودروی دیگر")
    await window.press("نگه داشتن پیش‌نویس")
    await window.look("desk-plan-draft")
    assert "می‌توان منتشر کرد" in await window.text()

    await window.press("انتشار")
    await window.look("desk-plan-open")
    plan_id = window.path.rpartition("/")[2]
    await admin.until_known_everywhere(plan_id)
    await window.press("توقف فروش")
    assert "متوقف" in await window.text()
    assert (await admin.get(f"/plans/{plan_id}"))["state"] == "paused"

    await window.follow("رونوشت برای طرح تازه")
    await window.fill(circular="۱۴۰۵-میز-۲", opens_on="1406/02/01", closes_on="1406/03/01")
    await window.press("ساختن پیش‌نویس")
    await window.follow("بازنویسی")
    assert await window.page.input_value('[name="offerings.0.price"]') == "9800000000"
    await window.press("نگه داشتن پیش‌نویس")
    await window.open("/staff/calendar")
    await window.look("desk-calendar")
