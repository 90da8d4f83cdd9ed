"""Looking up an order at the desk, and voiding it."""

from portal.testing import AT, COLLEAGUE

PLAN = "01981f2a-0000-7000-8000-0000000000aa"
ORDER = "01981f2a-0000-7000-8000-0000000000ab"
IMPORT = "01981f2a-0000-7000-8000-0000000000ac"
TRANSFER = "01981f2a-0000-7000-8000-0000000000ad"


def order(**changes):
    return {
        "order_id": ORDER,
        "customer_id": COLLEAGUE,
        "request_number": "140500000017",
        "invitation_number": None,
        "contract_number": "140500000025",
        "title": "شاهین G",
        "colour": "سفید",
        "price": 9_000_000_000,
        "state": "settled",
        "placed_at": AT,
        "dealership": "نمایندگی ۱۰۱",
        "timeline": [{"state": "registered", "at": AT, "note": "ثبت شد."}],
        "next_step": {"action": "wait_for_delivery", "before": None},
        **changes,
    }


async def test_a_search_tells_codes_from_numbers_and_never_stands_in_an_address(browser, fake, sign_in):
    await sign_in("operator")
    fake.say("POST", "/staff/desk/lookups", 200, {"items": [order()]})
    page = await browser.send_form("/staff/lookup", sought="۰۴۹۹۳۷۰۸۹۹", purpose="delivery")
    assert fake.asked[-1].body == {"national_code": "0499370899", "purpose": "delivery"}
    assert (page.status_code, str(page.url)) == (200, "https://portal/staff/lookup")
    assert "شاهین G" in page.text
    assert "ثبت مرحله‌ی بعد: خودرو تخصیص یافت" in page.text
    await browser.send_form("/staff/lookup", sought="1405-0000-0017", purpose="delivery")
    assert fake.asked[-1].body == {"number": "140500000017", "purpose": "delivery"}


async def test_who_may_not_move_cars_is_not_offered_it_and_a_limit_is_said(browser, fake, sign_in):
    await sign_in("care")
    fake.say("POST", "/staff/desk/lookups", 200, {"items": [order()]})
    page = await browser.send_form("/staff/lookup", sought="140500000017")
    assert "/staff/deliveries/steps" not in page.text
    fake.say("POST", "/staff/desk/lookups", 429, {"code": "too_many_lookups", "detail": "زیاد دیده‌اید."})
    page = await browser.send_form("/staff/lookup", sought="140500000017")
    assert page.status_code == 429
    assert "زیاد دیده‌اید." in page.text


async def test_finance_comes_from_a_contracts_number_to_its_statement(browser, fake, sign_in):
    await sign_in("finance")
    assert 'href="/staff/lookup"' in (await browser.get("/staff/statements")).text
    fake.say("POST", "/staff/desk/lookups", 200, {"items": [order()]})
    page = await browser.send_form("/staff/lookup", sought="140500000025", purpose="payment")
    assert f'href="/staff/statements/{ORDER}"' in page.text


async def test_an_order_is_voided_for_a_rule_that_was_found_not_to_be_satisfied(browser, fake, sign_in):
    await sign_in("manager")
    fake.say("POST", "/staff/desk/lookups", 200, {"items": [order()]})
    page = await browser.send_form("/staff/lookup", sought="140500000017")
    place = f"/staff/orders/{ORDER}/voiding"
    assert f'href="{place}"' in page.text
    found: list[dict[str, object]] = [
        {"rule": name, "input": {}, "source": "police"} for name in ("licence", "one_car")
    ]
    verdicts = [found[0] | {"verdict": "fail"}, found[1] | {"verdict": "pass"}]
    check = {"checked_at": AT, "occasion": "recheck", "passed": False, "rule_set_id": PLAN}
    fake.say("GET", f"/staff/orders/{ORDER}/checks", 200, {"items": [check | {"verdicts": verdicts}]})
    page = await browser.get(place)
    assert 'option value="licence"' in page.text
    assert 'option value="one_car"' not in page.text
    fake.say("POST", place, 201, {"order_id": ORDER, "state": "voided", "refund": 5})
    assert (await browser.send_form(place, rule="licence", key="k")).headers["location"] == "/staff/lookup"
    assert fake.asked[-1].body == {"rule": "licence"}
    assert (await browser.send_form(place)).status_code == 422
