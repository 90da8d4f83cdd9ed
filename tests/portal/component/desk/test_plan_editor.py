"""A plan as the form of the desk: what is typed, what goes out, what is said beside which field."""

from typing import Any

import pytest

from portal.testing import AT, changed

PLAN = "019a0000-0000-7000-8000-00000000000a"
API, NEW = "/staff/plans", "/staff/plans/new"
RATES = {
    "participation_profit": 0, "cancellation_profit": 0, "cancellation_deduction": 0, "late_fee": 1800,
    "penalty_kind": None,
}  # fmt: skip
PERIODS = {
    "invitation_days": 7, "settlement_days": 10, "refund_days": 10, "expiry_months": 6, "transfer_days": 7,
}  # fmt: skip
TYPED = {
    "circular": "۷", "title": "پاییز", "kind": "power_of_attorney", "method": "first_come", "cars": "1",
    "opens_on": "۱۴۰۵/۰۹/۱۵", "opens_time": "۰۸:۳۰", "closes_on": "۱۴۰۵/۰۹/۲۰", "pay_hours": "48",
    "offerings.0.model": "سپند", "offerings.0.trim": "ساده", "offerings.0.capacity": "۱۵",
    "offerings.0.price": "۹۰۰۰", "offerings.0.prepayment": "۳۰۰۰", "applicant_classes": "ordinary",
}  # fmt: skip


TEHRAN, TABRIZ = "019a0000-0000-7000-8000-0000000000d1", "019a0000-0000-7000-8000-0000000000d2"


@pytest.fixture(autouse=True)
def around(fake):
    """What the editor chooses from; the dealership in Tabriz is in no public list."""
    named = {"name": "نمایندگی", "city": "تهران"}
    rows = [(TEHRAN, "1001", True), (TABRIZ, "1002", False)]
    found = [{"dealership_id": each, "code": code, "active": on, **named} for each, code, on in rows]
    fake.say("GET", "/staff/dealerships", 200, {"items": found})
    fake.say("GET", "/staff/rule-sets", 200, {"items": []})


def plan(**values: Any) -> dict[str, Any]:
    car = {
        "offering_id": PLAN, "model": "سپند", "trim": "ساده", "colours": ["سفید", "مشکی"], "price": 9000,
        "prepayment": 3000, "capacity": 15, "delivery_days": None, "delivery_from": "2027-03-21",
        "delivery_until": "2027-04-20", "quotas": [
            {"level": "colour", "key": "سفید", "capacity": 10, "sold": 0},
            {"level": "colour", "key": "مشکی", "capacity": 5, "sold": 0},
        ],
    }  # fmt: skip
    terms = {
        "price_policy": "day_price", "deposit": 500, "instalments": [], "rates": RATES, "periods": PERIODS,
        "transfer_allowed": False, "cancellation_allowed": True, "reassignment_allowed": True,
        "colour_until": None, "dealership_until": None, "reserve_percent": 50,
    }  # fmt: skip
    return {
        "plan_id": PLAN, "circular": "۷", "title": "فروش پاییز", "kind": "immediate", "method": "first_come",
        "state": "draft", "opens_at": AT, "closes_at": AT, "pay_within": "PT48H", "minimum_age": 18,
        "max_choices": 1, "required_inquiries": [], "applicant_classes": ["ordinary", "veterans"],
        "rule_set_id": None, "quota_handover": ["veterans"], "quota_handover_at": AT, "terms": terms,
        "offerings": [car], "version": 3, **values,
    }  # fmt: skip


async def test_what_a_circular_says_goes_out_with_the_plan(browser, fake, sign_in):
    await sign_in("manager")
    fake.say("POST", API, 201, {"plan_id": PLAN})
    form = TYPED | {
        "offerings.0.colours": "سفید: ۱۰، مشکی: ۵", "offerings.0.delivery_from": "۱۴۰۶/۰۱/۰۱",
        "deposit": "۵۰۰", "price_policy": "day_price", "penalty_kind": "immediate", "reserve_percent": "50",
        "invitation_days": "۵", "handover.1": "ordinary", "quota_handover_on": "۱۴۰۵/۰۹/۱۸",
    }  # fmt: skip
    await browser.send_form(NEW, **form)
    [(_, _, body)] = changed(fake.asked)
    [car], terms = body["offerings"], body["terms"]
    assert (car["colours"], car["colour_quotas"]) == (["سفید", "مشکی"], {"سفید": 10, "مشکی": 5})
    assert car["delivery_from"] == "2027-03-21"
    assert (terms["deposit"], terms["price_policy"], terms["reserve_percent"]) == (500, "day_price", 50)
    assert (terms["rates"]["penalty_kind"], terms["periods"]) == ("immediate", {"invitation_days": 5})
    assert body["quota_handover"] == ["ordinary"]
    assert body["quota_handover_at"] == "2026-12-09T00:00:00+03:30"


async def test_a_plan_that_is_rewritten_untouched_goes_out_as_it_was_but_for_what_was_emptied(
    browser, fake, sign_in
):
    await sign_in("manager")
    fake.say("GET", f"{API}/{PLAN}", 200, plan())
    fake.say("PUT", f"{API}/{PLAN}", 200, plan())
    shown = (await browser.get(f"{API}/{PLAN}/edit")).text
    assert all(f'value="{typed}"' in shown for typed in ("سفید: 10، مشکی: 5", "1406/01/01", "1405/03/11"))
    form = TYPED | {
        "offerings.0.colours": "سفید: 10، مشکی: 5", "offerings.0.delivery_from": "1406/01/01",
        "offerings.0.delivery_until": "1406/01/31", "deposit": "500", "price_policy": "day_price",
        "reserve_percent": "50", "handover.1": "veterans", "quota_handover_on": "1405/03/11",
        "quota_handover_time": "11:30", "late_fee": "", "cancellation_allowed": "yes",
        "reassignment_allowed": "yes",
    }  # fmt: skip
    await browser.send_form(f"{API}/{PLAN}/edit", **form)
    [(_, _, body)] = changed(fake.asked)
    assert body["terms"] == plan()["terms"] | {"rates": RATES | {"late_fee": 0}}
    assert body["quota_handover_at"] == "2026-06-01T11:30:00+03:30"
    assert body["offerings"][0]["colour_quotas"] == {"سفید": 10, "مشکی": 5}


async def test_what_the_api_says_of_a_plan_stands_beside_what_was_typed(browser, fake, sign_in):
    await sign_in("manager")
    named = ("terms.rates.late_fee", "terms.periods.refund_days", "offerings.0.colour_quotas", "opens_at")
    wrong = [{"field": name, "message": f"نه: {name}", "code": "x"} for name in named]
    fake.say("POST", API, 422, {"code": "validation_failed", "detail": "درست نیست.", "errors": wrong})
    form = TYPED | {"cars": "2", "offerings.0.model": "", "offerings.1.model": "سپند"}
    page = (await browser.send_form(NEW, **form | {"offerings.1.colours": "سفید"})).text
    for field in ("late_fee", "refund_days", "offerings.1.colours", "opens_on"):
        assert f'id="{field}-wrong"' in page
    page = (await browser.send_form(NEW, **TYPED | {"offerings.0.colours": "سفید: چند"})).text
    assert 'id="offerings.0.colours-wrong"' in page


async def test_what_keeps_a_draft_from_being_published_is_said_in_words(browser, fake, sign_in):
    await sign_in("manager")
    car = plan()["offerings"][0] | {"sold": 0, "available": 15}
    fake.say("GET", f"{API}/{PLAN}", 200, plan(orders={}, handed_over_at=None, offerings=[car]))
    faults = [{"field": "offerings.0.colour_quotas", "message": "پر نیست.", "code": "quota_missing"}]
    fake.say("GET", f"{API}/{PLAN}/preview", 200, {"faults": faults})
    page = (await browser.get(f"{API}/{PLAN}")).text
    assert ("<strong>خودروی ۱: سهم رنگ‌ها</strong>: پر نیست." in page, "colour_quotas" in page) == (
        True,
        False,
    )


async def test_instalments_are_typed_one_by_one(browser, fake, sign_in):
    await sign_in("manager")
    fake.say("POST", API, 201, {"plan_id": PLAN})
    page = (await browser.send_form(NEW, **TYPED | {"instalments": "۲", "more": "instalments"})).text
    assert 'value="30"' in page
    assert 'name="instalments.4.share"' in page
    page = (await browser.send_form(NEW, **TYPED | {"instalments.4.share": "", "more": "instalments"})).text
    assert 'name="instalments.7.share"' in page
    rows = {
        "instalments.0.after_days": "۴۵", "instalments.0.share": "۱۲٫۵",
        "instalments.3.due_date": "۱۴۰۶/۰۱/۰۱", "instalments.3.amount": "۲٬۰۰۰",
        "instalments.4.due_date": "۱۴۰۶/۰۲/۰۱",
    }  # fmt: skip
    await browser.send_form(NEW, **TYPED | rows)
    assert changed(fake.asked)[-1][2]["terms"]["instalments"] == [
        {"after_days": 45, "share": 1250},
        {"due_date": "2027-03-21", "amount": 2000},
        {"due_date": "2027-04-21"},
    ]
    wrong = [{"field": "terms.instalments.1.amount", "message": "مضرب هزار.", "code": "multiple_of"}]
    fake.say("POST", API, 422, {"code": "validation_failed", "detail": "درست نیست.", "errors": wrong})
    assert 'id="instalments.3.amount-wrong"' in (await browser.send_form(NEW, **TYPED | rows)).text


@pytest.mark.parametrize(
    ("typed", "beside"),
    [
        ({"instalments.0.share": "10"}, "instalments.0.after_days"),
        (
            {"instalments.0.after_days": "30", "instalments.0.due_date": "1406/01/01"},
            "instalments.0.after_days",
        ),
        (
            {"instalments.1.after_days": "30", "instalments.1.due_date": "1406/13/01"},
            "instalments.1.due_date",
        ),
        (
            {"instalments.0.after_days": "30", "instalments.0.share": "9", "instalments.0.amount": "9000"},
            "instalments.0.share",
        ),
        ({"instalments.0.after_days": "30", "instalments": "4"}, "instalments"),
        ({"offerings.0.dealerships.1.code": "9999"}, "offerings.0.dealerships.1.code"),
        ({"offerings.0.dealerships.0.cars": "5"}, "offerings.0.dealerships.0.code"),
        (
            {"offerings.0.dealerships.0.code": "1001", "offerings.0.dealerships.1.code": "۱۰۰۱"},
            "offerings.0.dealerships.1.code",
        ),
        (
            {"offerings.0.dealerships.0.code": "1001", "offerings.0.dealerships.0.cars": "چند"},
            "offerings.0.dealerships.0.cars",
        ),
    ],
)
async def test_what_is_wrong_with_a_row_stands_beside_it(browser, fake, sign_in, typed, beside):
    await sign_in("manager")
    page = await browser.send_form(NEW, **TYPED | typed)
    assert (page.status_code, f'id="{beside}-wrong"' in page.text) == (422, True)
    assert changed(fake.asked) == []


async def test_what_instalments_and_dealerships_had_stays_when_the_plan_is_rewritten(browser, fake, sign_in):
    await sign_in("manager")
    whole = plan()
    given = {"after_days": None, "due_date": "2027-03-21", "share": 1250, "amount": None}
    whole["terms"]["instalments"] = [given, given | {"due_date": "2027-04-21"}]
    unknown = "019a0000-0000-7000-8000-0000000000d3"
    quotas = {TEHRAN: 5, TABRIZ: None, unknown: 10}
    whole["offerings"][0]["quotas"] = [
        {"level": "dealership", "key": key, "capacity": cars, "sold": 0} for key, cars in quotas.items()
    ]
    fake.say("GET", f"{API}/{PLAN}", 200, whole)
    fake.say("PUT", f"{API}/{PLAN}", 200, whole)
    shown = (await browser.get(f"{API}/{PLAN}/edit")).text
    rows = {
        "instalments.0.due_date": "1406/01/01", "instalments.0.share": "12.5",
        "instalments.1.due_date": "1406/02/01", "instalments.1.share": "12.5",
        "offerings.0.dealerships.0.code": "1001", "offerings.0.dealerships.0.cars": "5",
        "offerings.0.dealerships.1.code": "1002", "offerings.0.dealerships.2.code": unknown,
        "offerings.0.dealerships.2.cars": "10",
    }  # fmt: skip
    for name, typed in rows.items():
        assert f'value="{typed}"' in shown.partition(f'name="{name}"')[2].partition(">")[0]
    assert all(
        f'name="{name}"' in shown for name in ("instalments.4.share", "offerings.0.dealerships.4.code")
    )
    assert ('<option value="1001">' in shown, '<option value="1002">' in shown) == (True, False)
    await browser.send_form(f"{API}/{PLAN}/edit", **TYPED | rows)
    body = changed(fake.asked)[-1][2]
    assert body["offerings"][0]["dealership_quotas"] == quotas
    said = {"due_date": "2027-03-21", "share": 1250}
    assert body["terms"]["instalments"] == [said, said | {"due_date": "2027-04-21"}]
    wrong = [{"field": f"offerings.0.dealership_quotas.{TABRIZ}", "message": "نه.", "code": "x"}]
    fake.say("PUT", f"{API}/{PLAN}", 422, {"code": "validation_failed", "detail": "نه.", "errors": wrong})
    page = await browser.send_form(f"{API}/{PLAN}/edit", **TYPED | rows)
    assert 'id="offerings.0.dealerships.1.cars-wrong"' in page.text


async def test_there_is_room_for_more_dealerships_than_the_form_had(browser, fake, sign_in):
    await sign_in("manager")
    typed = {"more": "dealerships.0", "offerings.0.dealerships.0.code": "1001"}
    page = await browser.send_form(NEW, **TYPED | typed)
    assert (page.status_code, 'name="offerings.0.dealerships.4.code"' in page.text) == (200, True)
    assert 'value="1001"' in page.text
