"""The desk of who looks after people: changes of accounts, complaints, texts and runs."""

import base64
import json

import pytest

LOGIN = {"national_code": "0499370899", "password": "hunter2-is-long-enough"}

ME = "019a0000-0000-7000-8000-000000000007"
OTHER = "019a0000-0000-7000-8000-000000000008"
ID = "019a0000-0000-7000-8000-000000000001"
MOMENT = "2026-06-01T08:00:00Z"


@pytest.fixture
def enter(browser, fake):
    """Logs in with roles; who it is, is ``ME``."""

    async def entered(*roles: str):
        claims = json.dumps({"sub": ME, "roles": roles}).encode()
        access = f"e30.{base64.urlsafe_b64encode(claims).decode().rstrip('=')}.x"
        pair = {"access_token": access, "refresh_token": "one", "token_type": "Bearer", "expires_in": 600}
        fake.say("POST", "/sessions", 201, pair)
        fake.say("GET", "/me", 200, {"first_name": "مریم", "last_name": "حسینی"})
        await browser.send_form("/login", **LOGIN)
        fake.asked.clear()
        return browser

    return entered


def changed(fake) -> list[tuple[str, str, object]]:
    return [(one.method, one.path, one.body) for one in fake.asked if one.method != "GET"]


def change_of(**values) -> dict:
    known = {
        "change_id": ID, "customer_id": OTHER, "national_code": "049***0899", "first_name": "مریم",
        "last_name": "حسینی", "field": "address", "old": {"province": "تهران", "city": "ری", "street": "یک",
        "postal_code": "1234567890", "phone": None}, "new": {"province": "تهران", "city": "<b>کرج</b>",
        "street": "دو", "postal_code": "1234567891", "phone": None}, "state": "pending", "asked_at": MOMENT,
        "decided_at": None, "approvals": [], "approvals_needed": 2,
        "inquiries": [{"kind": "civil_registry", "result": None, "concluded_at": None}],
    }  # fmt: skip
    return known | values


def decision(state: str, approvals: int) -> dict:
    return {"change_id": ID, "state": state, "approvals": approvals, "approvals_needed": 2}


async def test_the_queue_of_changes_says_how_many_have_approved(enter, fake) -> None:
    waiting = {
        "change_id": ID, "national_code": "049***0899", "field": "iban", "asked_at": MOMENT, "approvals": 1,
        "approvals_needed": 2, "approved_by_me": True,
    }  # fmt: skip
    fake.say("GET", "/staff/approvals", 200, {"items": [waiting], "next_cursor": ID})
    page = await (await enter("operator")).get("/staff/approvals?field=iban")
    assert all(
        text in page.text for text in ("شماره شبا", "شما تأیید کرده‌اید", f"cursor={ID}&amp;field=iban")
    )
    assert fake.asked[0].query == {"field": "iban"}


async def test_a_change_is_shown_beside_what_the_account_says(enter, fake) -> None:
    fake.say("GET", f"/staff/approvals/{ID}", 200, change_of())
    page = await (await enter("operator")).get(f"/staff/approvals/{ID}")
    assert all(text in page.text for text in ("ری", "&lt;b&gt;کرج", "در حال پرسیدن", "کد پستی"))
    assert 'value="approval"' in page.text


async def test_who_has_approved_or_only_reads_is_not_offered_it(enter, fake) -> None:
    approvals = [{"staff_id": ME, "approved_at": MOMENT}]
    fake.say("GET", f"/staff/approvals/{ID}", 200, change_of(approvals=approvals))
    browser = await enter("operator")
    assert 'value="approval"' not in (await browser.get(f"/staff/approvals/{ID}")).text
    fake.say("GET", f"/staff/approvals/{ID}", 200, change_of())
    page = await (await enter("auditor")).get(f"/staff/approvals/{ID}")
    assert 'value="approval"' not in page.text
    assert 'value="refusal"' not in page.text


async def test_the_first_approval_says_that_another_one_is_needed(enter, fake) -> None:
    fake.say("GET", f"/staff/approvals/{ID}", 200, change_of())
    fake.say("POST", f"/staff/approvals/{ID}/approval", 200, decision("pending", 1))
    fake.say("GET", "/staff/approvals", 200, {"items": [], "next_cursor": None})
    browser = await enter("operator")
    answer = await browser.send_form(f"/staff/approvals/{ID}", deed="approval", key="k")
    assert answer.headers["location"] == "/staff/approvals"
    assert fake.asked[-1].headers["idempotency-key"] == "k"
    assert "همکار دیگری" in (await browser.get("/staff/approvals")).text


async def test_a_refusal_needs_a_reason_and_keeps_it_when_it_is_too_late(enter, fake) -> None:
    fake.say("GET", f"/staff/approvals/{ID}", 200, change_of())
    browser = await enter("admin")
    answer = await browser.send_form(f"/staff/approvals/{ID}", deed="refusal", reason=" ")
    assert (answer.status_code, changed(fake)) == (422, [])
    problem = {"code": "change_decided", "detail": "این تغییر دیگر در انتظار نیست."}
    fake.say("POST", f"/staff/approvals/{ID}/refusal", 409, problem)
    answer = await browser.send_form(f"/staff/approvals/{ID}", deed="refusal", reason="مدرک ناخواناست")
    assert answer.status_code == 409
    assert all(text in answer.text for text in (problem["detail"], "مدرک ناخواناست"))


TOPIC = {
    "code": "late", "title": "دیرکرد تحویل", "sections": ["sales"], "to_province": False, "active": True,
    "position": 1,
}  # fmt: skip


def complaint_of(**values) -> dict:
    known = {
        "complaint_id": ID, "number": "140500017", "section": "sales", "topic": "late",
        "subject": "خودرو نیامد",
        "state": "open", "order_id": None, "dealership_id": None, "filed_at": MOMENT, "due_at": MOMENT,
        "decision_due": None, "decided_on": None, "execution_due": None, "reopened": False,
        "timeline": [{"state": "open", "at": MOMENT, "note": "شکایت شما در دست بررسی است."}],
        "messages": [{"message_id": OTHER, "author": "customer", "at": MOMENT, "text": "<i>سلام</i>"}],
        "attachments": [{"attachment_id": OTHER, "author": "customer", "at": MOMENT,
        "media_type": "image/jpeg", "size": 2000, "width": 10, "height": 10}],
        "customer_id": OTHER, "assigned_to": None, "warned": 0,
    }  # fmt: skip
    return known | values


def complain(fake, **values) -> str:
    fake.say("GET", "/staff/complaint-topics", 200, {"items": [TOPIC]})
    fake.say("GET", f"/staff/complaints/{ID}", 200, complaint_of(**values))
    return f"/staff/complaints/{ID}"


async def test_the_queue_of_complaints_shows_their_clocks_and_keeps_its_filters(enter, fake, clock) -> None:
    late = {name: complaint_of()[name] for name in (
        "complaint_id", "number", "customer_id", "section", "topic", "state", "assigned_to", "filed_at",
        "due_at", "warned", "decision_due", "execution_due",
    )} | {"overdue": True}  # fmt: skip
    board = late | {
        "number": "140500018",
        "state": "at_board",
        "decision_due": "2026-07-01",
        "assigned_to": ME,
    }
    clock.advance(days=3650)
    complain(fake)
    fake.say("GET", "/staff/complaints", 200, {"items": [late, board], "next_cursor": ID})
    browser = await enter("care")
    page = await browser.get("/staff/complaints?mine=yes&state=open&number=")
    assert all(text in page.text for text in ("مهلت گذشته است", "رأی تا", "دیرکرد تحویل", "هیچ‌کس"))
    assert fake.asked[0].query == {"mine": "true", "state": "open"}
    assert f"state=open&amp;mine=yes&amp;cursor={ID}" in page.text


@pytest.mark.parametrize(
    ("form", "asked"),
    [
        ({"deed": "take"}, ("PUT", "/assignment", None)),
        ({"deed": "give_back"}, ("DELETE", "/assignment", None)),
        ({"deed": "answer", "text": "سلام"}, ("POST", "/messages", {"text": "سلام", "asks": False})),
        ({"deed": "ask", "text": "کدام؟"}, ("POST", "/messages", {"text": "کدام؟", "asks": True})),
        ({"deed": "resolution", "text": "انجام شد"}, ("POST", "/resolution", {"text": "انجام شد"})),
        (
            {"deed": "escalation", "office": "province", "registered_on": "۱۴۰۵/۰۳/۱۱"},
            ("POST", "/escalations", {"office": "province", "registered_on": "2026-06-01"}),
        ),
        (
            {"deed": "decision", "decided_on": "1405/3/11", "decision_text": "رأی"},
            ("POST", "/decision", {"decided_on": "2026-06-01", "text": "رأی"}),
        ),
    ],
)
async def test_what_an_agent_does_with_a_complaint(enter, fake, form, asked) -> None:
    path = complain(fake)
    method, part, body = asked
    fake.say(method, path + part, 200, complaint_of())
    answer = await (await enter("care")).send_form(path, **form)
    assert (answer.status_code, answer.headers["location"]) == (303, path)
    assert changed(fake) == [(method, "/api/v1" + path + part, body)]


@pytest.mark.parametrize(
    "form",
    [
        {},
        {"deed": "delete"},
        {"deed": "answer", "text": " "},
        {"deed": "escalation", "office": "province", "registered_on": "۱۴۰۵/۱۳/۱"},
        {"deed": "decision", "decided_on": "۱۴۰۵/۰۳/۱۱"},
    ],
)
async def test_what_is_not_filled_in_is_not_asked_for(enter, fake, form) -> None:
    path = complain(fake, state="at_board" if form.get("deed") == "decision" else "open")
    answer = await (await enter("care")).send_form(path, **form)
    assert (answer.status_code, changed(fake)) == (422, [])
    assert 'role="alert"' in answer.text


async def test_what_was_written_is_there_again_when_the_state_does_not_allow_it(enter, fake) -> None:
    path = complain(fake)
    problem = {"code": "illegal_complaint_move", "detail": "این کار در وضعیت کنونی شکایت ممکن نیست."}
    fake.say("POST", f"{path}/messages", 409, problem)
    answer = await (await enter("care")).send_form(path, deed="answer", text="پاسخ بلند من")
    assert answer.status_code == 409
    assert all(text in answer.text for text in (problem["detail"], "پاسخ بلند من", "&lt;i&gt;سلام"))


async def test_who_only_reads_complaints_is_offered_nothing(enter, fake) -> None:
    page = await (await enter("manager")).get(complain(fake))
    assert 'name="deed"' not in page.text
    assert 'name="deed"' in (await (await enter("care")).get(complain(fake))).text


async def test_a_picture_of_a_complaint_is_passed_on(enter, fake) -> None:
    path = complain(fake)
    fake.say("GET", f"{path}/attachments/{OTHER}", 200, {"bytes": 1})
    answer = await (await enter("care")).get(f"{path}/attachments/{OTHER}")
    assert answer.json() == {"bytes": 1}
