"""A plan on the desk once it is published: prices, invitations, seats that are handed on, its buyers."""

from typing import Any

from portal.testing import AT, changed

PLAN = "019a0000-0000-7000-8000-00000000000a"
CAR = "019a0000-0000-7000-8000-00000000000b"
API = PAGE = f"/staff/plans/{PLAN}"


def plan(**values: Any) -> dict[str, Any]:
    car = {
        "offering_id": CAR, "model": "سپند", "trim": "اتوماتیک", "price": 9, "prepayment": 3, "capacity": 5,
        "sold": 5, "available": 0, "quotas": [],
    }  # fmt: skip
    return {
        "plan_id": PLAN, "circular": "۷", "title": "فروش پاییز", "kind": "immediate", "method": "first_come",
        "state": "open", "opens_at": AT, "closes_at": AT, "minimum_age": 18, "version": 3,
        "quota_handover": ["ordinary"], "handed_over_at": None, "offerings": [car],
        "orders": {"awaiting_payment": 4}, **values,
    }  # fmt: skip


async def test_a_manager_hands_on_what_other_classes_leave(browser, fake, sign_in):
    await sign_in("manager")
    fake.say("GET", API, 200, plan())
    page = await browser.get(PAGE)
    assert '<option value="ordinary">' in page.text
    assert "veterans" not in page.text
    fake.say("POST", f"{API}/handover", 200, plan())
    assert (await browser.send_form(PAGE, deed="handover", to="ordinary")).headers["location"] == PAGE
    assert changed(fake.asked) == [("POST", f"{API}/handover", {"to": "ordinary"})]
    fake.say("POST", f"{API}/pause", 200, plan())
    await browser.send_form(PAGE, deed="pause")
    assert changed(fake.asked)[-1] == ("POST", f"{API}/pause", None)


async def test_who_only_reads_a_plan_is_offered_nothing(browser, fake, sign_in):
    await sign_in("auditor")
    fake.say("GET", API, 200, plan())
    page = await browser.get(PAGE)
    assert 'name="deed"' not in page.text
    assert all(f'href="{PAGE}/{part}"' in page.text for part in ("prices", "invitations", "buyers"))


async def test_a_price_is_decided_from_a_day_on(browser, fake, sign_in):
    await sign_in("manager")
    price = {
        "price_id": CAR, "offering_id": CAR, "valid_from": "2026-06-01", "price": 10, "prepayment": 4,
        "created_by": CAR, "created_at": AT, "applied_at": None,
    }  # fmt: skip
    fake.say("GET", API, 200, plan())
    fake.say("GET", f"{API}/prices", 200, {"items": [price]})
    fake.say("POST", f"{API}/prices", 201, price)
    values = {"offering_id": CAR, "valid_from": "۱۴۰۵/۰۳/۱۱", "price": "10,000", "prepayment": "۴۰۰۰"}
    assert (await browser.send_form(f"{PAGE}/prices", **values)).headers["location"] == f"{PAGE}/prices"
    body = {"offering_id": CAR, "valid_from": "2026-06-01", "price": 10_000, "prepayment": 4000}
    assert changed(fake.asked) == [("POST", f"{API}/prices", body)]
    fake.say("POST", f"{API}/prices", 409, {"code": "price_taken", "detail": "این روز بها دارد."})
    page = await browser.send_form(f"{PAGE}/prices", **values)
    assert (page.status_code, "این روز بها دارد." in page.text) == (409, True)


async def test_invitations_are_issued_and_their_run_is_watched(browser, fake, sign_in):
    await sign_in("manager")
    run = {
        "run_id": CAR, "plan_id": PLAN, "purpose": "prepayment", "offering_id": None, "requested_at": AT,
        "delivered_from": None, "delivered_until": None, "issued": 3, "skipped": 0, "finished_at": None,
    }  # fmt: skip
    place = f"{PAGE}/invitations"
    fake.say("GET", API, 200, plan())
    fake.say("GET", place, 200, {"items": [run]})
    fake.say("POST", place, 202, run)
    assert (await browser.send_form(place, purpose="prepayment", key="k")).headers["location"] == place
    nothing = dict.fromkeys(("offering_id", "delivered_from", "delivered_until"))
    assert changed(fake.asked) == [("POST", place, {"purpose": "prepayment", **nothing})]
    page = await browser.get(place)
    assert "refresh" in page.headers
    page = await browser.send_form(place, purpose="principal", delivered_from="1405/13/01")
    assert (page.status_code, 'id="delivered_from-wrong"' in page.text) == (422, True)


async def test_buyers_are_checked_again_once_at_a_time(browser, fake, sign_in):
    await sign_in("manager")
    check = {
        "recheck_id": CAR, "requested_at": AT, "total": 10, "checked": 4, "unknown": 1, "voided": 2,
        "finished_at": None,
    }  # fmt: skip
    place = f"{PAGE}/buyers"
    fake.say("GET", API, 200, plan())
    fake.say("GET", f"{API}/deposits", 200, {"orders": 10, "blocked": 7})
    fake.say("GET", f"{API}/recheck", 404, {"code": "not_found", "detail": ""})
    fake.say("POST", f"{API}/recheck", 201, check)
    assert (await browser.send_form(place)).headers["location"] == place
    fake.say("GET", f"{API}/recheck", 200, check)
    page = await browser.get(place)
    assert 'max="10"' in page.text
    assert f'action="{place}"' not in page.text
    fake.say("GET", f"{API}/deposits/missing", 200, {"file": 1})
    assert (await browser.get(f"{place}/without-deposit?format=csv")).json() == {"file": 1}
