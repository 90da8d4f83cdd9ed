"""The books of finance on the desk."""

from html import unescape
from typing import Any

from portal.testing import AT, COLLEAGUE, ME, changed

ID = "019a0000-0000-7000-8000-000000000005"
ORDER = "019a0000-0000-7000-8000-000000000006"


def deposit(**values: Any) -> dict[str, Any]:
    return {
        "id": ID, "import_id": ORDER, "line": 1, "bank": "017", "reference": "77", "bank_bill_id": "12",
        "bank_payment_id": "13", "amount": 900, "paid_on": "2026-06-01", "outcome": "unknown_bill",
        "bill_id": None, "taken_at": AT, "difference_id": ID, "reason": "unknown_bill", "owner": None,
        "closed_at": None, **values,
    }  # fmt: skip


def assignment(**values: Any) -> dict[str, Any]:
    return {
        "id": ID, "deposit_id": ID, "bill_id": ID, "state": "proposed", "counts": 900, "goes_back": 0,
        "proposed_by": COLLEAGUE, "proposed_at": AT, "decided_by": None, "decided_at": None,
        "note": "<b>فیش", **values,
    }  # fmt: skip


async def test_deposits_are_chosen_from_and_taken_along_as_a_file(browser, fake, sign_in):
    await sign_in("finance")
    fake.say("GET", "/staff/deposits", 200, {"items": [deposit()], "next_cursor": ID})
    page = await browser.get("/staff/deposits?outcome=unknown_bill&differ=yes")
    assert fake.asked[-1].query == {"outcome": "unknown_bill", "differ": "true"}
    shown = unescape(page.text)
    assert f"outcome=unknown_bill&differ=yes&cursor={ID}" in shown
    assert f'href="/staff/deposits/{ID}/assignment"' in shown
    link = shown.partition('href="/staff/deposits/export?')[2].partition('"')[0]
    fake.say("GET", "/staff/deposits/export", 200, {"file": 1})
    assert (await browser.get(f"/staff/deposits/export?{link}")).json() == {"file": 1}
    assert fake.asked[-1].query == {"outcome": "unknown_bill", "differ": "true", "format": "csv"}


async def test_a_bill_for_a_deposit_is_proposed_by_one_and_decided_by_another(browser, fake, sign_in):
    await sign_in("finance")
    form, waiting = f"/staff/deposits/{ID}/assignment", "/staff/deposits/assignments"
    fake.say("POST", f"/staff/deposits/{ID}/assignments", 201, assignment())
    answer = await browser.send_form(form, bill_id=ORDER, note="فیش آورد", key="k")
    assert answer.headers["location"] == waiting
    assert changed(fake.asked)[-1][2] == {"bill_id": ORDER, "note": "فیش آورد"}
    assert (await browser.send_form(form, bill_id=ORDER)).status_code == 422
    fake.say("GET", waiting, 200, {"items": [assignment(proposed_by=ME)], "next_cursor": None})
    assert 'value="approval"' not in (await browser.get(waiting)).text
    fake.say("GET", waiting, 200, {"items": [assignment()], "next_cursor": None})
    assert "&lt;b&gt;فیش" in (await browser.get(waiting)).text
    fake.say("POST", f"{waiting}/{ID}/approval", 200, assignment(state="approved"))
    assert (await browser.send_form(waiting, deed="approval", of=ID)).status_code == 303
    problem = {"code": "same_person", "detail": "کس دیگری باید."}
    fake.say("POST", f"{waiting}/{ID}/refusal", 403, problem)
    page = await browser.send_form(waiting, deed="refusal", of=ID)
    assert (page.status_code, problem["detail"] in page.text) == (403, True)
    assert (await browser.send_form(waiting, deed="refusal", of="../x")).status_code == 422


async def test_a_providers_day_is_looked_at_again(browser, fake, sign_in):
    await sign_in("finance")
    day = {
        "id": ID, "provider": "zibal", "day": "2026-06-01", "method": "inquiry", "import_id": None,
        "looked_at": 40, "differing": 2, "begun_at": AT, "done_at": None,
    }  # fmt: skip
    place = "/staff/reconciliations"
    fake.say("GET", place, 200, {"items": [day], "next_cursor": None})
    fake.say("POST", place, 201, day)
    answer = await browser.send_form(place, provider="zibal", day="۱۴۰۵/۰۳/۱۱", key="k")
    assert answer.headers["location"] == place
    assert changed(fake.asked) == [("POST", place, {"provider": "zibal", "day": "2026-06-01"})]
    page = await browser.send_form(place, provider="zibal", day="1405/13/01")
    assert (page.status_code, 'id="day-wrong"' in page.text) == (422, True)


async def test_a_banks_list_says_what_did_not_match(browser, fake, sign_in):
    await sign_in("auditor")
    one = {
        "id": ID, "bank": "017", "plan_id": ID, "least": 1000, "complete": True, "begun_at": AT,
        "closed_at": AT, "matched": 10, "differing": 2, "released": 1,
    }  # fmt: skip
    fake.say("GET", "/staff/blocked-deposits/lists", 200, {"items": [one], "next_cursor": ID})
    page = await browser.get("/staff/blocked-deposits")
    assert f"/staff/blocked-deposits/{ID}/differences?format=xlsx" in page.text
    fake.say("GET", f"/staff/blocked-deposits/lists/{ID}/differences", 200, {"file": 1})
    answer = await browser.get(f"/staff/blocked-deposits/{ID}/differences?format=xlsx")
    assert (answer.json(), fake.asked[-1].query) == ({"file": 1}, {"format": "xlsx"})


async def test_the_statement_of_an_order_is_found_by_its_id_or_a_bill(browser, fake, sign_in):
    await sign_in("finance")
    movement = {
        "entry_id": ID, "at": AT, "kind": "received", "change": 900, "balance": 900, "payment_id": ID,
        "refund_id": None, "purpose": "prepayment", "provider": "zibal", "reference": "R-1",
    }  # fmt: skip
    statement = {
        "order_id": ORDER, "bills": [], "movements": [movement], "received": 900, "returned": 0,
        "refunded": 0, "balance": 900, "customer_id": COLLEAGUE,
        "accounts": {"provider:zibal": 900, "buyer": -900},
    }  # fmt: skip
    fake.say("GET", f"/staff/statements/{ORDER}", 200, statement)
    fake.say("GET", "/staff/statements", 200, {"items": [{"order_id": ORDER}]})
    answer = await browser.get("/staff/statements?sought=۸۷۶۵-۴۳۲۱")
    assert answer.headers["location"] == f"/staff/statements/{ORDER}"
    assert fake.asked[-1].query == {"bill": "87654321"}
    fake.say("GET", "/staff/statements", 200, {"items": []})
    answer = await browser.get(f"/staff/statements?sought={ORDER}")
    assert answer.headers["location"] == f"/staff/statements/{ORDER}"
    page = await browser.get(f"/staff/statements/{ORDER}")
    assert all(
        text in page.text for text in ("R-1", "پیش‌پرداخت", "نزد زیبال", "نزد ما برای قبض‌ها", "statement.pdf")
    )
    page = await browser.get("/staff/statements?sought=87654321")
    assert (page.status_code, 'id="sought-wrong"' in page.text) == (422, True)
    fake.say("GET", "/staff/statements", 200, {"items": [{"order_id": ORDER}, {"order_id": ID}]})
    page = await browser.get("/staff/statements?sought=87654321")
    assert all(f'href="/staff/statements/{one}"' in page.text for one in (ORDER, ID))
    wrong = [{"field": "query.bill", "message": "نه.", "code": "uuid_parsing"}]
    problem = {"code": "validation_failed", "detail": "درست نیست.", "errors": wrong}
    fake.say("GET", "/staff/statements", 422, problem)
    page = await browser.get("/staff/statements?sought=../x")
    assert (page.status_code, 'id="sought-wrong"' in page.text) == (422, True)
    fake.say("GET", f"/staff/statements/{ORDER}", 404, {"code": "not_found", "detail": "نیست."})
    page = await browser.get(f"/staff/statements/{ORDER}")
    assert (page.status_code, "هنوز قبضی ندارد" in page.text) == (404, True)


async def test_deposits_lead_to_the_statements_of_their_bills(browser, fake, sign_in):
    await sign_in("finance")
    fake.say("GET", "/staff/deposits", 200, {"items": [deposit(bill_id=ID)], "next_cursor": None})
    assert f'href="/staff/statements?sought={ID}"' in (await browser.get("/staff/deposits")).text


async def test_the_checks_of_the_ledger_are_told(browser, fake, sign_in):
    await sign_in("auditor")
    check = {
        "id": ID, "checked_at": AT, "kept": False, "postings": 40, "unbalanced": 1, "difference": -5,
        "bills_difference": 0,
    }  # fmt: skip
    fake.say("GET", "/staff/ledger/checks", 200, {"items": [check], "next_cursor": None})
    assert "نادرست" in (await browser.get("/staff/ledger")).text
