"""Batches of refunds on the desk: one proposes, another decides, the bank answers."""

from html import unescape

from portal.testing import AT, COLLEAGUE, ME

BATCH = "01981f2a-0000-7000-8000-0000000000c1"
FIRST, SECOND = "01981f2a-0000-7000-8000-0000000000c2", "01981f2a-0000-7000-8000-0000000000c3"
DIFFERENCE = "01981f2a-0000-7000-8000-0000000000c4"
MONEY = 1_500_000_000


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
