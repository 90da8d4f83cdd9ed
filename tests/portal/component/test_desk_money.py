"""The desk's money and the trails, against answers as the API gives them."""

from html import unescape

import pytest

from portal.testing import LOGIN, PAIR, token

BATCH = "01981f2a-0000-7000-8000-0000000000c1"
FIRST, SECOND = "01981f2a-0000-7000-8000-0000000000c2", "01981f2a-0000-7000-8000-0000000000c3"
DIFFERENCE = "01981f2a-0000-7000-8000-0000000000c4"
ME, COLLEAGUE = "01981f2a-0000-7000-8000-0000000000b0", "01981f2a-0000-7000-8000-0000000000b1"
AT = "2026-11-20T08:00:00Z"
MONEY = 1_500_000_000


@pytest.fixture
def sign_in(browser, fake):
    async def signed_in(*roles: str) -> None:
        tokens = {"access_token": token(sub=ME, roles=list(roles)), "refresh_token": "one", **PAIR}
        fake.say("POST", "/sessions", 201, tokens)
        fake.say("GET", "/me", 200, {"first_name": "مریم", "last_name": "حسینی"})
        await browser.send_form("/login", **LOGIN)
        fake.asked.clear()

    return signed_in


async def send(browser, page: str, path: str, **values: str):
    """A form of ``page`` that goes to ``path``."""
    shown = (await browser.get(page)).text
    csrf = shown.partition('name="csrf" value="')[2].partition('"')[0]
    return await browser.post(path, data={"csrf": csrf, **values})


def batch(**changes):
    return {
        "id": BATCH,
        "state": "proposed",
        "refunds": 2,
        "amount": MONEY,
        "digest": "d" * 64,
        "proposed_by": COLLEAGUE,
        "proposed_at": AT,
        "decided_by": None,
        "decided_at": None,
        "settled_at": None,
        **changes,
    }


def transfer(refund_id: str, **changes):
    nothing = dict.fromkeys(("outcome", "reference", "reason"))
    return {"refund_id": refund_id, "amount": MONEY, "masked_iban": "IR06****1234", **nothing, **changes}


async def test_a_batch_is_proposed_once_however_often_the_form_is_sent(browser, fake, sign_in):
    await sign_in("finance")
    refund = {
        "id": FIRST,
        "order_id": SECOND,
        "amount": MONEY,
        "reason": "order_cancelled",
        "state": "ready",
        "requested_at": AT,
        "due_at": AT,
        "paid_at": None,
        "reference": None,
        "customer_id": COLLEAGUE,
    }
    fake.say("GET", "/staff/refunds", 200, {"items": [refund], "next_cursor": FIRST})
    fake.say("GET", "/staff/refund-batches", 200, {"items": [batch()], "next_cursor": None})
    page = await browser.get("/staff/refunds")
    assert "۱٬۵۰۰٬۰۰۰٬۰۰۰ ریال" in page.text
    assert f"state=ready&cursor={FIRST}" in unescape(page.text)
    fake.say("POST", "/staff/refund-batches", 201, batch())
    answer = await browser.send_form("/staff/refunds", key="k")
    assert answer.headers["location"] == f"/staff/refunds/batches/{BATCH}"
    assert fake.asked[-1].headers["idempotency-key"] == "k"
    fake.say("POST", "/staff/refund-batches", 409, {"code": "no_refund_ready", "detail": "چیزی نیست."})
    answer = await browser.send_form("/staff/refunds", key="l")
    assert (answer.status_code, "چیزی نیست." in answer.text) == (409, True)


async def test_who_proposed_a_batch_is_not_offered_to_decide_on_it(browser, fake, sign_in):
    await sign_in("finance")
    path = f"/staff/refund-batches/{BATCH}"
    place = f"/staff/refunds/batches/{BATCH}"
    fake.say("GET", path, 200, {**batch(proposed_by=ME), "transfers": [transfer(FIRST)]})
    assert 'value="approval"' not in (await browser.get(place)).text
    fake.say("GET", path, 200, {**batch(), "transfers": [transfer(FIRST)]})
    assert 'value="approval"' in (await browser.get(place)).text
    fake.say("POST", f"{path}/approval", 200, batch(state="approved"))
    assert (await send(browser, place, place, deed="approval")).status_code == 303
    fake.say("POST", f"{path}/refusal", 403, {"code": "same_person", "detail": "کس دیگری باید."})
    answer = await send(browser, place, place, deed="refusal")
    assert (answer.status_code, "کس دیگری باید." in answer.text) == (403, True)
    assert (await send(browser, place, place, deed="answers")).status_code == 422


async def test_the_banks_answers_go_out_and_what_is_wrong_stands_beside_its_row(browser, fake, sign_in):
    await sign_in("finance")
    path, place = f"/staff/refund-batches/{BATCH}", f"/staff/refunds/batches/{BATCH}"
    opened = {**batch(state="approved"), "transfers": [transfer(FIRST), transfer(SECOND)]}
    fake.say("GET", path, 200, opened)
    fake.say("POST", f"{path}/answers", 200, opened)
    shown = (await browser.get(place)).text
    csrf = shown.partition('name="csrf" value="')[2].partition('"')[0]
    rows = {"csrf": csrf, "refund_id": [FIRST, SECOND], f"outcome.{SECOND}": "paid", f"said.{SECOND}": "A-1"}
    assert (await browser.post(f"{place}/answers", data=rows)).status_code == 303
    item = {"refund_id": SECOND, "outcome": "paid", "reference": "A-1"}
    assert fake.asked[-1].body == {"items": [item]}
    wrong = [{"field": "items.0", "message": "شماره‌ی پیگیری لازم است.", "code": "reference"}]
    problem = {"code": "validation_failed", "detail": "درست نیست.", "errors": wrong}
    fake.say("POST", f"{path}/answers", 422, problem)
    answer = await browser.post(f"{place}/answers", data=rows | {f"said.{SECOND}": ""})
    assert f'id="said.{SECOND}-wrong"' in answer.text
    answer = await browser.post(f"{place}/answers", data={"csrf": csrf, "refund_id": [FIRST, SECOND]})
    assert answer.status_code == 422


async def test_an_auditor_reads_batches_and_changes_none(browser, fake, sign_in):
    await sign_in("auditor")
    opened = {**batch(state="approved"), "transfers": [transfer(FIRST)]}
    fake.say("GET", f"/staff/refund-batches/{BATCH}", 200, opened)
    page = await browser.get(f"/staff/refunds/batches/{BATCH}")
    assert page.status_code == 200
    assert "/file" not in page.text
    assert "outcome." not in page.text


def difference(**changes):
    ids = ("payment_id", "bill_id", "owner", "taken_at", "closed_at", "note")
    return {
        **dict.fromkeys(ids),
        "id": DIFFERENCE,
        "source": "deposits",
        "institution": "melli",
        "day": "2026-11-20",
        "reason": "too_little",
        "words_fa": "مبلغ از مانده‌ی قبض کمتر بود.",
        "words_en": "Less than was outstanding.",
        "reference": "77",
        "theirs": 10,
        "ours": 20,
        "found_at": AT,
        **changes,
    }


async def test_differences_are_filtered_taken_and_closed_where_one_was(browser, fake, sign_in):
    await sign_in("finance")
    api = "/staff/differences"
    fake.say("GET", api, 200, {"items": [difference()], "next_cursor": DIFFERENCE})
    place = "/staff/differences?state=open&day=1405/08/29&owner=mine"
    page = await browser.get(place)
    assert "مبلغ از مانده‌ی قبض کمتر بود." in page.text
    assert f"cursor={DIFFERENCE}" in page.text
    fake.say("POST", f"{api}/{DIFFERENCE}/taking", 200, difference(owner=ME))
    answer = await send(browser, place, place, deed="take", difference_id=DIFFERENCE)
    assert answer.headers["location"] == place
    assert fake.asked[-1].body == {"over": False}
    fake.say("GET", api, 200, {"items": [difference(owner=ME, taken_at=AT)], "next_cursor": None})
    wrong = [{"field": "note", "message": "بنویسید چه شد.", "code": "too_short"}]
    problem = {"code": "validation_failed", "detail": "درست نیست.", "errors": wrong}
    fake.say("POST", f"{api}/{DIFFERENCE}/closing", 422, problem)
    name = f"note.{DIFFERENCE}"
    answer = await send(browser, place, place, deed="close", difference_id=DIFFERENCE, **{name: "x"})
    assert f'id="{name}-wrong"' in answer.text
    closing = next(one for one in fake.asked if one.path.endswith("/closing"))
    assert closing.body == {"note": "x"}


async def test_a_day_that_is_none_is_said_and_nothing_is_asked(browser, fake, sign_in):
    await sign_in("auditor")
    page = await browser.get("/staff/differences?day=1405/13/40")
    assert 'id="day-wrong"' in page.text
    page = await browser.get("/staff/audit?since=nothing")
    assert (page.status_code, 'id="since-wrong"' in page.text) == (422, True)
    assert fake.asked == []


PROVIDER = {
    "offered": True,
    "rank": 1,
    "smallest": None,
    "largest": 500_000_000,
    "fee_share": 25,
    "fee_least": 0,
    "fee_most": None,
    "provider": "zibal",
    "version": 4,
    "changed_at": AT,
    "connected": True,
    "resting": False,
}


async def test_a_provider_is_arranged_from_the_version_that_was_seen(browser, fake, sign_in):
    await sign_in("finance")
    fake.say("GET", "/staff/payment-providers", 200, {"items": [PROVIDER]})
    assert 'href="/staff/providers/zibal"' in (await browser.get("/staff/providers")).text
    assert 'value="4"' in (await browser.get("/staff/providers/zibal")).text
    fake.say("PUT", "/staff/payment-providers/zibal", 200, PROVIDER)
    values = {"rank": "۲", "fee_share": "30", "fee_least": "0", "largest": "500٬000٬000", "version": "4"}
    answer = await browser.send_form("/staff/providers/zibal", **values)
    assert answer.headers["location"] == "/staff/providers"
    assert fake.asked[-1].body == {
        "offered": False,
        "rank": 2,
        "smallest": None,
        "largest": 500_000_000,
        "fee_share": 30,
        "fee_least": 0,
        "fee_most": None,
        "version": 4,
    }
    changed = {"code": "route_changed", "detail": "همکاری آن را تغییر داده است."}
    fake.say("PUT", "/staff/payment-providers/zibal", 409, changed)
    answer = await browser.send_form("/staff/providers/zibal", offered="yes", **values)
    assert (answer.status_code, "همکاری آن را تغییر داده است." in answer.text) == (409, True)
    answer = await browser.send_form("/staff/providers/zibal", version="4", rank="x")
    assert (answer.status_code, 'id="rank-wrong"' in answer.text) == (422, True)
    assert (await browser.get("/staff/providers/other")).status_code == 404


async def test_each_service_tells_its_own_trail_and_filters_stay(browser, fake, sign_in):
    await sign_in("auditor")
    entry = {
        "entry_id": FIRST,
        "at": AT,
        "actor": ME,
        "roles": ["operator"],
        "subject": COLLEAGUE,
        "action": "sales.order.looked_up",
        "client": "10.0.0.0/24",
        "correlation_id": None,
        "details": {"by": "number", "<b>": 1},
    }
    for path in ("", "/sales", "/payment", "/notify"):
        fake.say("GET", "/staff/audit" + path, 200, {"items": [entry], "next_cursor": FIRST})
    await browser.get("/staff/audit")
    assert fake.asked[-1].path == "/api/v1/staff/audit"
    page = await browser.get("/staff/audit?service=payment&action=payment.refund_batch&until=1405/08/29")
    assert fake.asked[-1].path == "/api/v1/staff/audit/payment"
    assert "&lt;b&gt;: 1" in page.text
    assert f"service=payment&action=payment.refund_batch&until=1405%2F08%2F29&cursor={FIRST}" in unescape(
        page.text
    )
    wrong = [{"field": "query.actor", "message": "شناسه نیست.", "code": "uuid"}]
    problem = {"code": "validation_failed", "detail": "درست نیست.", "errors": wrong}
    fake.say("GET", "/staff/audit/sales", 422, problem)
    answer = await browser.get("/staff/audit?service=sales&actor=x")
    assert (answer.status_code, "درست نیست." in answer.text) == (422, True)
