"""The desk's way of orders, against answers as the API gives them."""

import pytest

from portal.testing import LOGIN, PAIR, token

PLAN = "01981f2a-0000-7000-8000-0000000000aa"
ORDER = "01981f2a-0000-7000-8000-0000000000ab"
IMPORT = "01981f2a-0000-7000-8000-0000000000ac"
TRANSFER = "01981f2a-0000-7000-8000-0000000000ad"
ME, COLLEAGUE = "7", "01981f2a-0000-7000-8000-0000000000b1"
AT = "2026-11-20T08:00:00Z"
API = "/api/v1"


@pytest.fixture
def sign_in(browser, fake):
    async def signed_in(*roles: str) -> None:
        tokens = {"access_token": token(sub=ME, roles=list(roles)), "refresh_token": "one", **PAIR}
        fake.say("POST", "/sessions", 201, tokens)
        fake.say("GET", "/me", 200, {"first_name": "مریم", "last_name": "حسینی"})
        await browser.send_form("/login", **LOGIN)
        fake.asked.clear()

    return signed_in


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


RECIPE = {
    "witnesses": [{"name": "کانون", "commitment": "a" * 64}],
    "witnesses_until": "2026-11-21T08:00:00Z",
    "sources": [
        {
            "name": "بورس",
            "alternatives": [
                {"name": "شاخص کل", "reading": "تارنمای بورس", "at": "2026-11-21T09:00:00Z"},
                {"name": "شاخص هم‌وزن", "reading": "تارنمای بورس", "at": "2026-11-22T09:00:00Z"},
            ],
        }
    ],
    "abort_after": "2026-11-23T09:00:00Z",
}


def draw(**changes):
    nothing = ("commitment", "commitment_sha256", "recipe", "seed", "selected", "reserve", "drawn_at")
    people = ("frozen_by", "proposed_by", "proposed_at", "confirmed_by", "problem", "entries")
    return {
        **dict.fromkeys((*nothing, *people)),
        "plan_id": PLAN,
        "circular": "۱۴۰۵-۷",
        "title": "طرح پاییز",
        "state": "closed",
        "closes_at": AT,
        "values": [],
        "aborted": [],
        "files": [],
        "waiting": 12,
        "attempt": 0,
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


async def test_the_list_is_frozen_with_the_rows_that_were_filled_in(browser, fake, sign_in):
    await sign_in("manager")
    fake.say("GET", f"/staff/draws/{PLAN}", 200, draw())
    fake.say("POST", f"/staff/draws/{PLAN}/freeze", 202, draw(state="freezing"))
    row = "sources.1.alternatives.0"
    answer = await browser.send_form(
        f"/staff/draws/{PLAN}/freeze",
        **{
            "room": "2",
            "witnesses.1.name": "کانون",
            "witnesses.1.commitment": "a" * 64,
            "witnesses_until_on": "۱۴۰۵/۰۹/۱۵",
            "witnesses_until_time": "08:30",
            "sources.1.name": "بورس",
            f"{row}.name": "شاخص کل",
            f"{row}.reading": "تارنمای بورس",
            f"{row}.at_on": "1405/09/15",
            f"{row}.at_time": "12:00",
            "abort_after_on": "1405/09/20",
            "abort_after_time": "",
        },
    )
    assert answer.status_code == 303
    assert fake.asked[-1].body == {
        "witnesses": [{"name": "کانون", "commitment": "a" * 64}],
        "witnesses_until": "2026-12-06T08:30:00+03:30",
        "sources": [
            {
                "name": "بورس",
                "alternatives": [
                    {"name": "شاخص کل", "reading": "تارنمای بورس", "at": "2026-12-06T12:00:00+03:30"}
                ],
            }
        ],
        "abort_after": "2026-12-11T00:00:00+03:30",
    }
    fake.say("POST", f"/staff/draws/{PLAN}/freeze", 422, {"code": "notice_too_short", "detail": "زود است."})
    asked = await browser.send_form(f"/staff/draws/{PLAN}/freeze", room="2", more="yes")
    assert 'name="sources.2.name"' in asked.text
    asked = await browser.send_form(f"/staff/draws/{PLAN}/freeze", room="2")
    assert asked.status_code == 422
    assert len(fake.asked) == len([one for one in fake.asked if one.method == "GET"]) + 1


async def test_a_source_is_read_in_turn_and_one_that_failed_leads_to_the_next(browser, fake, sign_in):
    await sign_in("manager")
    said = {"kind": "source", "name": "بورس", "alternative": 1, "value": None, "evidence": "تعطیل بود"}
    frozen = draw(state="frozen", recipe=RECIPE, entries=12, attempt=1, values=[])
    fake.say("GET", f"/staff/draws/{PLAN}", 200, frozen)
    fake.say("PUT", f"/staff/draws/{PLAN}/sources/1/alternatives/1", 200, frozen)
    page = await browser.get(f"/staff/draws/{PLAN}")
    assert 'name="value.1.1"' in page.text
    assert 'name="value.1.2"' not in page.text
    values = {"deed": "value", "number": "1.1", "failed.1.1": "yes", "evidence.1.1": "تعطیل بود"}
    await browser.send_form(f"/staff/draws/{PLAN}", **values)
    assert fake.asked[-1].body == {"value": None, "evidence": "تعطیل بود"}
    fake.say("GET", f"/staff/draws/{PLAN}", 200, {**frozen, "values": [said]})
    page = await browser.get(f"/staff/draws/{PLAN}")
    assert 'name="value.1.2"' in page.text
    assert 'name="value.1.1"' not in page.text
    early = {"code": "value_too_early", "detail": "هنوز دانسته نیست."}
    fake.say("PUT", f"/staff/draws/{PLAN}/witnesses/1", 409, early)
    values = {"deed": "reveal", "number": "1", "value.1": "B" * 64}
    page = await browser.send_form(f"/staff/draws/{PLAN}", **values)
    assert page.status_code == 409
    assert "هنوز دانسته نیست." in page.text
    assert "B" * 64 in page.text


async def test_who_proposed_the_start_is_not_offered_it_and_a_colleague_is(browser, fake, sign_in):
    await sign_in("manager")
    frozen = draw(state="frozen", recipe=RECIPE, proposed_by=ME, proposed_at=AT)
    fake.say("GET", f"/staff/draws/{PLAN}", 200, frozen)
    assert 'value="start"' not in (await browser.get(f"/staff/draws/{PLAN}")).text
    fake.say("GET", f"/staff/draws/{PLAN}", 200, {**frozen, "proposed_by": COLLEAGUE})
    assert 'value="start"' in (await browser.get(f"/staff/draws/{PLAN}")).text
    assert (await browser.send_form(f"/staff/draws/{PLAN}", deed="anything")).status_code == 422
    fake.say("POST", f"/staff/draws/{PLAN}/start", 202, draw(state="seeded"))
    assert (await browser.send_form(f"/staff/draws/{PLAN}", deed="start")).status_code == 303
    file = {"name": "result.txt", "path": f"/draws/{PLAN}/result", "sha256": "c" * 64, "size": 900}
    fake.say("GET", f"/staff/draws/{PLAN}", 200, draw(state="drawn", drawn_at=AT, selected=3, files=[file]))
    page = await browser.get(f"/staff/draws/{PLAN}")
    assert f'href="/api/v1/draws/{PLAN}/result"' in page.text


async def test_an_auditor_sees_a_draw_and_no_button_of_it(browser, fake, sign_in):
    await sign_in("auditor")
    fake.say("GET", f"/staff/draws/{PLAN}", 200, draw(state="frozen", recipe=RECIPE))
    page = await browser.get(f"/staff/draws/{PLAN}")
    assert 'name="deed"' not in page.text


def file_of(**changes):
    return {
        "import_id": IMPORT,
        "file_name": "steps.csv",
        "format": "csv",
        "state": "running",
        "created_by": COLLEAGUE,
        "created_at": AT,
        "finished_at": None,
        "rows_total": 100,
        "rows_read": 40,
        "rows_good": 37,
        "rows_bad": 3,
        "options": {},
        "failure": None,
        **changes,
    }


async def test_a_file_goes_on_in_parts_that_are_the_whole_file(browser, fake, sign_in):
    await sign_in("operator")
    imports = "/staff/deliveries/imports"
    fake.say("GET", imports, 200, {"items": [file_of()], "next_cursor": None})
    fake.say("POST", imports, 201, file_of(state="uploading"))
    for number in (1, 2, 3):
        fake.say("PUT", f"{imports}/{IMPORT}/parts/{number}", 204)
    fake.say("POST", f"{imports}/{IMPORT}/start", 200, file_of())
    page = await browser.get("/staff/deliveries")
    csrf = page.text.partition('name="csrf" value="')[2].partition('"')[0]
    content = b"0123456789" * 200_000
    answer = await browser.post(
        "/staff/deliveries", data={"csrf": csrf}, files={"file": ("steps.csv", content)}
    )
    assert answer.headers["location"] == f"/staff/deliveries/files/{IMPORT}"
    sent = [asked.body for asked in fake.asked if asked.method == "PUT"]
    assert b"".join(sent) == content
    assert fake.asked[-1].body == {"parts": len(sent)}
    fake.say("GET", f"{imports}/{IMPORT}", 200, file_of())
    page = await browser.get(f"/staff/deliveries/files/{IMPORT}")
    assert 'max="100" value="40"' in page.text
    assert "errors.csv" in page.text
    answer = await browser.post("/staff/deliveries", data={"csrf": csrf})
    assert answer.status_code == 422


async def test_a_step_by_hand_begins_with_what_was_looked_up(browser, fake, sign_in):
    await sign_in("manager")
    known = {"contract_number": "140500000025", "step": "allocated"}
    page = await browser.send_form("/staff/deliveries/steps", fill="yes", **known)
    assert 'value="140500000025"' in page.text
    assert fake.asked == []
    missing = {"code": "detail_missing", "detail": "به این داده نیاز دارد.", "missing": "vin"}
    fake.say("POST", "/staff/deliveries/steps", 422, missing)
    page = await browser.send_form("/staff/deliveries/steps", on="۱۴۰۵/۰۹/۰۱", **known)
    assert fake.asked[-1].body == {**known, "on": "2026-11-22"}
    assert 'id="vin-wrong"' in page.text
    taken = {"order_id": ORDER, "contract_number": "140500000025", "state": "allocated"}
    fake.say("POST", "/staff/deliveries/steps", 201, taken)
    answer = await browser.send_form("/staff/deliveries/steps", key="k", vin="NAAA00000A0000001", **known)
    assert answer.status_code == 303
    assert fake.asked[-1].headers["idempotency-key"] == "k"


async def test_a_transfer_is_approved_or_refused_and_a_refusal_is_said(browser, fake, sign_in):
    await sign_in("operator")
    transfer = {
        "transfer_id": TRANSFER,
        "order_id": ORDER,
        "state": "accepted",
        "proposed_at": AT,
        "expires_at": AT,
        "contract_number": "140500000025",
        "from_customer_id": ME,
        "to_customer_id": COLLEAGUE,
        "accepted_at": AT,
    }
    fake.say("GET", "/staff/transfers", 200, {"items": [transfer]})
    api, values = f"/staff/transfers/{TRANSFER}", {"transfer_id": TRANSFER}
    fake.say("POST", f"{api}/approval", 200, {**transfer, "state": "completed"})
    answer = await browser.send_form("/staff/transfers", deed="approval", **values)
    assert answer.headers["location"] == "/staff/transfers"
    fake.say("POST", f"{api}/refusal", 409, {"code": "illegal_move", "detail": "دیگر نمی‌شود."})
    answer = await browser.send_form("/staff/transfers", deed="refusal", **values)
    assert (answer.status_code, "دیگر نمی‌شود." in answer.text) == (409, True)
    assert (await browser.send_form("/staff/transfers", deed="other", **values)).status_code == 422
    assert (await browser.send_form("/staff/transfers", deed="approval")).status_code == 422


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
