"""An order in steps, when its session ends before the last one."""

from urllib.parse import urlencode

from portal.testing import AT, ME, PAIR, token

PLAN, CAR, DEALER = (f"019a0000-0000-7000-8000-00000000000{letter}" for letter in "abc")
SUMMARY = f"/plans/{PLAN}/order/summary"
CHOSEN = {"choice1": f"{CAR}|سفید", "dealership_id": DEALER}
LOGIN = {"national_code": "0499370899", "password": "hunter2-is-long-enough"}
NOTHING = {"from_date": None, "until_date": None, "days": None}


def say_what_is_sold(fake) -> None:
    car = {
        "offering_id": CAR, "model": "سپند", "trim": "ساده", "colours": ["سفید"], "price": 9, "prepayment": 3,
        "available": 5, "available_by_colour": {}, "dealerships": [], "delivery": NOTHING,
    }  # fmt: skip
    plan = {
        "plan_id": PLAN, "title": "پاییز", "state": "open", "method": "first_come", "sold_out": False,
        "max_choices": 1, "applicant_classes": ["ordinary"], "opens_at": AT, "now": AT, "offerings": [car],
    }  # fmt: skip
    dealer = {"dealership_id": DEALER, "name": "شریفی", "address": "اصفهان", "hours": "۸ تا ۱۶"}
    fake.say("GET", f"/plans/{PLAN}", 200, plan)
    fake.say("GET", "/dealerships", 200, {"items": [dealer]})
    me = {"first_name": "مریم", "last_name": "حسینی", "address": {"province": "اصفهان"}}
    fake.say("GET", "/me", 200, me)
    tokens = {"access_token": token(sub=ME), "refresh_token": "one", **PAIR}
    fake.say("POST", "/sessions", 201, tokens)


async def test_what_was_chosen_is_there_again_after_the_login_and_is_ordered_once(browser, fake) -> None:
    say_what_is_sold(fake)
    await browser.send_form("/login", **LOGIN)
    del browser.cookies["__Host-session"]
    csrf = (await browser.get("/tracking")).text.partition('name="csrf" value="')[2].partition('"')[0]
    ended = await browser.post(SUMMARY, data={"csrf": csrf, "key": "first", "agreed": "yes", **CHOSEN})
    leads_to = ended.headers["location"]
    assert leads_to == f"/login?{urlencode({'next': SUMMARY}, safe='/')}"
    assert "آنچه نوشته بودید" in (await browser.get(leads_to)).text
    fake.say("POST", "/orders", 201, {"order_id": PLAN})
    back = await browser.send_form(leads_to, **LOGIN)
    assert back.headers["location"] == SUMMARY
    page = (await browser.get(SUMMARY)).text
    assert all(f'value="{value}"' in page for value in CHOSEN.values())
    assert 'name="agreed" value="yes" checked' in page
    csrf = page.partition('name="csrf" value="')[2].partition('"')[0]
    placed = await browser.post(SUMMARY, data={"csrf": csrf, "key": "second", "agreed": "yes", **CHOSEN})
    assert placed.headers["location"] == f"/orders/{PLAN}/placed"
    orders = [one.body for one in fake.asked if one.path == "/api/v1/orders"]
    assert [order["dealership_id"] for order in orders] == [DEALER]
