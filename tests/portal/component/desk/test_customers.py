"""People at the desk: found by a whole number, masked until somebody says why, and what they were sent."""

from typing import Any

from portal.testing import AT, COLLEAGUE, changed

WHO = "019a0000-0000-7000-8000-000000000003"
MESSAGE = "019a0000-0000-7000-8000-000000000004"
API, PAGE = f"/staff/customers/{WHO}", f"/staff/people/{WHO}"


def person(**values: Any) -> dict[str, Any]:
    return {
        "customer_id": WHO, "national_code": "049***0899", "mobile": "0912***0000", "iban": "IR06***34",
        "first_name": "<b>مریم", "last_name": "نوری", "province": "تهران", "city": "ری", "registered_at": AT,
        "disabled": False, **values,
    }  # fmt: skip


def message(**values: Any) -> dict[str, Any]:
    return {
        "message_id": MESSAGE, "template": "order_placed", "template_version": 1, "lane": "transactional",
        "text": "سلام ***", "order_id": None, "state": "undelivered", "provider": "smsir", "attempts": 1,
        "failure": "blocked", "parts": 2, "created_at": AT, "sent_at": AT, "run_id": None, "resent_of": None,
        **values,
    }  # fmt: skip


async def test_a_person_is_sought_by_code_or_mobile_and_never_in_an_address(browser, fake, sign_in):
    await sign_in("operator")
    fake.say("POST", "/staff/customers/search", 200, {"items": [person()]})
    page = await browser.send_form("/staff/people", sought="۰۴۹۹۳۷۰۸۹۹", purpose="complaint")
    assert changed(fake.asked)[-1][2] == {"national_code": "0499370899", "purpose": "complaint"}
    assert str(page.url) == "https://portal/staff/people"
    assert f'href="{PAGE}?purpose=complaint"' in page.text
    assert "&lt;b&gt;مریم" in page.text
    await browser.send_form("/staff/people", sought="0912 000 0000", purpose="delivery")
    assert changed(fake.asked)[-1][2] == {"mobile": "09120000000", "purpose": "delivery"}
    assert (await browser.send_form("/staff/people", sought=" ")).status_code == 422
    fake.say("POST", "/staff/customers/search", 429, {"code": "too_many_lookups", "detail": "زیاد دیده‌اید."})
    page = await browser.send_form("/staff/people", sought="0499370899")
    assert (page.status_code, "زیاد دیده‌اید." in page.text) == (429, True)


async def test_what_is_unmasked_is_shown_on_the_page_that_answers_only(browser, fake, sign_in):
    await sign_in("care")
    fake.say("GET", API, 200, person())
    disclosed = {"mobile": "09120000000", "address": {"city": "ری", "street": "یک", "phone": None}}
    fake.say("POST", f"{API}/disclosure", 200, {"customer_id": WHO, "fields": disclosed})
    values = {"deed": "disclosure", "fields": ["mobile", "address"], "purpose": "complaint"}
    page = await browser.send_form(PAGE, **values, reason="برای پیگیری")
    body = {"fields": ["mobile", "address"], "purpose": "complaint", "reason": "برای پیگیری"}
    assert changed(fake.asked) == [("POST", f"{API}/disclosure", body)]
    assert page.headers["cache-control"] == "no-store"
    assert "۰۹۱۲۰۰۰۰۰۰۰" in page.text or "09120000000" in page.text
    assert "09120000000" not in (await browser.get(PAGE)).text
    wrong = [{"field": "reason", "message": "بنویسید چرا.", "code": "too_short"}]
    problem = {"code": "validation_failed", "detail": "درست نیست.", "errors": wrong}
    fake.say("POST", f"{API}/disclosure", 422, problem)
    page = await browser.send_form(PAGE, **values, reason="x")
    assert (page.status_code, 'id="reason-wrong"' in page.text) == (422, True)


async def test_an_account_is_closed_for_a_reason_and_opened_again(browser, fake, sign_in):
    await sign_in("admin")
    fake.say("GET", API, 200, person())
    fake.say("POST", f"{API}/disablement", 204)
    assert (await browser.send_form(PAGE, deed="disable", why="fraud")).headers["location"] == PAGE
    assert changed(fake.asked)[-1][2] == {"reason": "fraud"}
    fake.say("GET", API, 200, person(disabled=True))
    fake.say("DELETE", f"{API}/disablement", 204)
    page = await browser.get(PAGE)
    assert 'value="enable"' in page.text
    assert 'value="disable"' not in page.text
    assert (await browser.send_form(PAGE, deed="enable")).status_code == 303
    assert (await browser.send_form(PAGE, deed="anything")).status_code == 422


async def test_a_role_is_offered_no_more_than_its_work(browser, fake, sign_in):
    await sign_in("dealer")
    fake.say("GET", API, 200, person())
    page = await browser.get(f"{PAGE}?purpose=anything")
    assert fake.asked[-1].query == {"purpose": "customer_service"}
    assert 'name="deed"' not in page.text
    assert "/messages" not in page.text
    assert 'action="/staff/lookup"' in page.text


async def test_the_orders_of_a_person_are_looked_up_by_their_id(browser, fake, sign_in):
    await sign_in("operator")
    fake.say("POST", "/staff/desk/lookups", 200, {"items": []})
    page = await browser.send_form("/staff/lookup", customer_id=WHO, purpose="complaint")
    assert page.status_code == 200
    assert changed(fake.asked)[-1][2] == {"customer_id": WHO, "purpose": "complaint"}


async def test_what_somebody_was_sent_is_sent_again_once_it_has_an_end(browser, fake, sign_in):
    await sign_in("care")
    sent = [message(), message(message_id=COLLEAGUE, state="queued")]
    fake.say("GET", "/staff/messages", 200, {"items": sent, "next_cursor": MESSAGE})
    page = await browser.get(f"{PAGE}/messages")
    assert fake.asked[-1].query == {"customer_id": WHO}
    assert all(text in page.text for text in ("درخواست ثبت شد", "به گوشی نرسید", f"cursor={MESSAGE}"))
    assert f'value="{MESSAGE}"' in page.text
    assert f'value="{COLLEAGUE}"' not in page.text
    fake.say("POST", f"/staff/messages/{MESSAGE}/resend", 201, {"message_id": COLLEAGUE})
    answer = await browser.send_form(f"{PAGE}/messages", message_id=MESSAGE)
    assert answer.headers["location"] == f"{PAGE}/messages"
    problem = {"code": "message_resent", "detail": "پیش‌تر دوباره فرستاده شد."}
    fake.say("POST", f"/staff/messages/{MESSAGE}/resend", 409, problem)
    page = await browser.send_form(f"{PAGE}/messages", message_id=MESSAGE)
    assert (page.status_code, problem["detail"] in page.text) == (409, True)
    assert (await browser.send_form(f"{PAGE}/messages", message_id="../x")).status_code == 422


async def test_who_only_reads_messages_sends_none_again(browser, fake, sign_in):
    await sign_in("manager")
    fake.say("GET", "/staff/messages", 200, {"items": [message()], "next_cursor": None})
    assert 'name="message_id"' not in (await browser.get(f"{PAGE}/messages")).text
