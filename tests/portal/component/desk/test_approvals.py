"""Changes of accounts on the desk: shown beside what stands, decided by two people."""

from typing import Any

from portal.testing import AT, COLLEAGUE, ME, changed

ID = "019a0000-0000-7000-8000-000000000001"


def change_of(**values) -> dict[str, Any]:
    known = {
        "change_id": ID, "customer_id": COLLEAGUE, "national_code": "049***0899", "first_name": "مریم",
        "last_name": "حسینی", "field": "address", "old": {"province": "تهران", "city": "ری", "street": "یک",
        "postal_code": "1234567890", "phone": None}, "new": {"province": "تهران", "city": "<b>کرج</b>",
        "street": "دو", "postal_code": "1234567891", "phone": None}, "state": "pending", "asked_at": AT,
        "decided_at": None, "approvals": [], "approvals_needed": 2,
        "inquiries": [{"kind": "civil_registry", "result": None, "concluded_at": None}],
    }  # fmt: skip
    return known | values


def decision(state: str, approvals: int) -> dict[str, Any]:
    return {"change_id": ID, "state": state, "approvals": approvals, "approvals_needed": 2}


async def test_the_queue_of_changes_says_how_many_have_approved(sign_in, fake) -> None:
    waiting = {
        "change_id": ID, "national_code": "049***0899", "field": "iban", "asked_at": AT, "approvals": 1,
        "approvals_needed": 2, "approved_by_me": True,
    }  # fmt: skip
    fake.say("GET", "/staff/approvals", 200, {"items": [waiting], "next_cursor": ID})
    page = await (await sign_in("operator")).get("/staff/approvals?field=iban")
    assert all(
        text in page.text for text in ("شماره شبا", "شما تأیید کرده‌اید", f"field=iban&amp;cursor={ID}")
    )
    assert fake.asked[0].query == {"field": "iban"}


async def test_a_change_is_shown_beside_what_the_account_says(sign_in, fake) -> None:
    fake.say("GET", f"/staff/approvals/{ID}", 200, change_of())
    page = await (await sign_in("operator")).get(f"/staff/approvals/{ID}")
    assert all(text in page.text for text in ("ری", "&lt;b&gt;کرج", "در حال پرسیدن", "کد پستی"))
    assert 'value="approval"' in page.text


async def test_who_has_approved_or_only_reads_is_not_offered_it(sign_in, fake) -> None:
    approvals = [{"staff_id": ME, "approved_at": AT}]
    fake.say("GET", f"/staff/approvals/{ID}", 200, change_of(approvals=approvals))
    browser = await sign_in("operator")
    assert 'value="approval"' not in (await browser.get(f"/staff/approvals/{ID}")).text
    fake.say("GET", f"/staff/approvals/{ID}", 200, change_of())
    page = await (await sign_in("auditor")).get(f"/staff/approvals/{ID}")
    assert 'value="approval"' not in page.text
    assert 'value="refusal"' not in page.text


async def test_the_first_approval_says_that_another_one_is_needed(sign_in, fake) -> None:
    fake.say("GET", f"/staff/approvals/{ID}", 200, change_of())
    fake.say("POST", f"/staff/approvals/{ID}/approval", 200, decision("pending", 1))
    fake.say("GET", "/staff/approvals", 200, {"items": [], "next_cursor": None})
    browser = await sign_in("operator")
    answer = await browser.send_form(f"/staff/approvals/{ID}", deed="approval", key="k")
    assert answer.headers["location"] == "/staff/approvals"
    assert fake.asked[-1].headers["idempotency-key"] == "k"
    assert "همکار دیگری" in (await browser.get("/staff/approvals")).text


async def test_a_refusal_needs_a_reason_and_keeps_it_when_it_is_too_late(sign_in, fake) -> None:
    fake.say("GET", f"/staff/approvals/{ID}", 200, change_of())
    browser = await sign_in("admin")
    answer = await browser.send_form(f"/staff/approvals/{ID}", deed="refusal", reason=" ")
    assert (answer.status_code, changed(fake.asked)) == (422, [])
    problem = {"code": "change_decided", "detail": "این تغییر دیگر در انتظار نیست."}
    fake.say("POST", f"/staff/approvals/{ID}/refusal", 409, problem)
    answer = await browser.send_form(f"/staff/approvals/{ID}", deed="refusal", reason="مدرک ناخواناست")
    assert answer.status_code == 409
    assert all(text in answer.text for text in (problem["detail"], "مدرک ناخواناست"))
