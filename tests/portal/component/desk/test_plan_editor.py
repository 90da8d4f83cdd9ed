"""A plan as the form of the desk: what is typed, what goes out, what is said beside which field."""

from typing import Any

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
    fake.say("GET", "/staff/rule-sets", 200, {"items": []})
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
    fake.say("GET", "/staff/rule-sets", 200, {"items": []})
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
    fake.say("GET", "/staff/rule-sets", 200, {"items": []})
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
