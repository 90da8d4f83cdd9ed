"""Rules that plans ask of their buyers, as the desk writes them."""

from portal.testing import changed

API = PAGE = "/staff/rule-sets"
ID = "019a0000-0000-7000-8000-00000000000e"
RULES = [
    {"name": "age", "minimum": 18, "maximum": 75},
    {"name": "months_since_purchase", "months": 48, "makers": []},
    {"name": "not_banned"},
    {"name": "of_tomorrow"},
]
SET = {
    "rule_set_id": ID, "name": "بخشنامه‌ی ۷", "version": 2, "valid_from": "2026-06-01", "valid_until": None,
    "rules": RULES,
}  # fmt: skip


async def test_rules_are_read_as_sentences(browser, fake, sign_in):
    await sign_in("auditor")
    fake.say("GET", API, 200, {"items": [SET], "next_cursor": None})
    page = await browser.get(PAGE)
    assert all(text in page.text for text in ("سن: از سال ۱۸، تا سال ۷۵", "ماه ۴۸", "of_tomorrow"))
    assert f"{PAGE}/new" not in page.text


async def test_the_rules_that_are_checked_make_the_next_version(browser, fake, sign_in):
    await sign_in("manager")
    fake.say("POST", API, 201, SET)
    values = {
        "name": "بخشنامه‌ی ۷", "valid_from": "۱۴۰۵/۰۳/۱۱", "rules": ["not_banned", "age", "inquiries"],
        "age.minimum": "۲۱", "licence.lowest_class": "2", "inquiries.kinds": ["iban_owner"],
    }  # fmt: skip
    assert (await browser.send_form(f"{PAGE}/new", **values)).headers["location"] == PAGE
    rules = [
        {"name": "age", "minimum": 21},
        {"name": "not_banned"},
        {"name": "inquiries", "kinds": ["iban_owner"]},
    ]
    body = {"name": "بخشنامه‌ی ۷", "valid_from": "2026-06-01", "valid_until": None, "rules": rules}
    assert changed(fake.asked) == [("POST", API, body)]


async def test_what_is_wrong_with_a_rule_stands_beside_its_field(browser, fake, sign_in):
    await sign_in("admin")
    values = {"name": "x", "valid_from": "1405/03/11", "rules": ["months_since_purchase"]}
    page = await browser.send_form(f"{PAGE}/new", **values)
    assert (page.status_code, 'id="months_since_purchase.months-wrong"' in page.text) == (422, True)
    wrong = [{"field": "rules.0.months_since_purchase.months", "message": "بیش از ۲۴۰.", "code": "le"}]
    problem = {"code": "validation_failed", "detail": "درست نیست.", "errors": wrong}
    fake.say("POST", API, 422, problem)
    page = await browser.send_form(f"{PAGE}/new", **values | {"months_since_purchase.months": "241"})
    assert (page.status_code, 'id="months_since_purchase.months-wrong"' in page.text) == (422, True)
