"""Complaints on the desk: the queue with its clocks, and what an agent does with one."""

from typing import Any

import pytest

from portal.testing import AT, COLLEAGUE, ME, changed

ID = "019a0000-0000-7000-8000-000000000001"


TOPIC = {
    "code": "late", "title": "دیرکرد تحویل", "sections": ["sales"], "to_province": False, "active": True,
    "position": 1,
}  # fmt: skip


def complaint_of(**values) -> dict[str, Any]:
    known = {
        "complaint_id": ID, "number": "140500017", "section": "sales", "topic": "late",
        "subject": "خودرو نیامد",
        "state": "open", "order_id": None, "dealership_id": None, "filed_at": AT, "due_at": AT,
        "decision_due": None, "decided_on": None, "execution_due": None, "reopened": False,
        "timeline": [{"state": "open", "at": AT, "note": "شکایت شما در دست بررسی است."}],
        "messages": [{"message_id": COLLEAGUE, "author": "customer", "at": AT, "text": "<i>سلام</i>"}],
        "attachments": [{"attachment_id": COLLEAGUE, "author": "customer", "at": AT,
        "media_type": "image/jpeg", "size": 2000, "width": 10, "height": 10}],
        "customer_id": COLLEAGUE, "assigned_to": None, "warned": 0,
    }  # fmt: skip
    return known | values


def complain(fake, **values) -> str:
    fake.say("GET", "/staff/complaint-topics", 200, {"items": [TOPIC]})
    fake.say("GET", f"/staff/complaints/{ID}", 200, complaint_of(**values))
    return f"/staff/complaints/{ID}"


async def test_the_queue_of_complaints_shows_their_clocks_and_keeps_its_filters(sign_in, fake) -> None:
    old = complaint_of(due_at="2020-01-01T00:00:00Z")
    late = {name: old[name] for name in (
        "complaint_id", "number", "customer_id", "section", "topic", "state", "assigned_to", "filed_at",
        "due_at", "warned", "decision_due", "execution_due",
    )} | {"overdue": True}  # fmt: skip
    board = late | {
        "number": "140500018",
        "state": "at_board",
        "decision_due": "2026-07-01",
        "assigned_to": ME,
    }
    complain(fake)
    fake.say("GET", "/staff/complaints", 200, {"items": [late, board], "next_cursor": ID})
    browser = await sign_in("care")
    page = await browser.get("/staff/complaints?mine=yes&state=open&number=")
    assert all(text in page.text for text in ("مهلت گذشته است", "رأی تا", "دیرکرد تحویل", "هیچ‌کس"))
    assert fake.asked[0].query == {"mine": "true", "state": "open"}
    assert f"state=open&amp;mine=yes&amp;cursor={ID}" in page.text
    assert '<option value="sales">فروش</option>' in page.text
    await browser.get("/language?to=en")
    page = await browser.get("/staff/complaints")
    assert '<option value="sales">Sales</option>' in page.text, "not in the language of the first reader"


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
async def test_what_an_agent_does_with_a_complaint(sign_in, fake, form, asked) -> None:
    path = complain(fake)
    method, part, body = asked
    fake.say(method, path + part, 200, complaint_of())
    answer = await (await sign_in("care")).send_form(path, **form)
    assert (answer.status_code, answer.headers["location"]) == (303, path)
    assert changed(fake.asked) == [(method, path + part, body)]


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
async def test_what_is_not_filled_in_is_not_asked_for(sign_in, fake, form) -> None:
    path = complain(fake, state="at_board" if form.get("deed") == "decision" else "open")
    answer = await (await sign_in("care")).send_form(path, **form)
    assert (answer.status_code, changed(fake.asked)) == (422, [])
    assert 'role="alert"' in answer.text


async def test_what_was_written_is_there_again_when_the_state_does_not_allow_it(sign_in, fake) -> None:
    path = complain(fake)
    problem = {"code": "illegal_complaint_move", "detail": "این کار در وضعیت کنونی شکایت ممکن نیست."}
    fake.say("POST", f"{path}/messages", 409, problem)
    answer = await (await sign_in("care")).send_form(path, deed="answer", text="پاسخ بلند من")
    assert answer.status_code == 409
    assert all(text in answer.text for text in (problem["detail"], "پاسخ بلند من", "&lt;i&gt;سلام"))


async def test_who_only_reads_complaints_is_offered_nothing(sign_in, fake) -> None:
    page = await (await sign_in("manager")).get(complain(fake))
    assert 'name="deed"' not in page.text
    assert 'name="deed"' in (await (await sign_in("care")).get(complain(fake))).text


async def test_a_picture_of_a_complaint_is_passed_on(sign_in, fake) -> None:
    path = complain(fake)
    fake.say("GET", f"{path}/attachments/{COLLEAGUE}", 200, {"bytes": 1})
    answer = await (await sign_in("care")).get(f"{path}/attachments/{COLLEAGUE}")
    assert answer.json() == {"bytes": 1}


async def test_an_agent_adds_a_picture_for_the_customer(sign_in, fake) -> None:
    path = complain(fake)
    fake.say("POST", f"{path}/attachments", 201, {"attachment_id": ID})
    browser = await sign_in("care")
    answer = await browser.send_file(path, "note.png", b"\x89PNG", deed="picture")
    assert answer.headers["location"] == path
    assert b'name="file"' in fake.asked[-1].body
    assert b"\x89PNG" in fake.asked[-1].body
    fake.say("POST", f"{path}/attachments", 415, {"code": "not_a_picture", "detail": "عکس نیست."})
    page = await browser.send_file(path, "note.png", b"text", deed="picture")
    assert (page.status_code, "عکس نیست." in page.text) == (415, True)
    page = await browser.send_form(path, deed="picture")
    assert (page.status_code, 'id="file-wrong"' in page.text) == (422, True)
