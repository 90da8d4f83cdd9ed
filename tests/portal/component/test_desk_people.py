"""The desk of who looks after people: changes of accounts, complaints, texts and runs."""

import base64
import json
import re
from typing import Any

import httpx
import pytest

from chassis.keys.text import new_key
from chassis.testing.clock import MovableClock
from notify.templates.domain import FIELDS
from portal.app import create_app
from portal.config import Settings
from portal.gateway import Gateway
from portal.pages.desk_people.message_names import names

LOGIN = {"national_code": "0499370899", "password": "hunter2-is-long-enough"}

ME = "019a0000-0000-7000-8000-000000000007"
OTHER = "019a0000-0000-7000-8000-000000000008"
ID = "019a0000-0000-7000-8000-000000000001"
MOMENT = "2026-06-01T08:00:00Z"


@pytest.fixture(scope="module")
def clock() -> MovableClock:
    return MovableClock()


@pytest.fixture(scope="module")
async def app(service, clock):
    """One for all of them: its templates are read once."""
    keys = f"k1:{new_key()}"
    settings = Settings(gateway_url=service.url, portal_key="portal-key-of-the-tests", session_keys=keys)
    gateway = Gateway.opened(settings)
    async with gateway.client:
        yield create_app(settings, gateway, clock)


@pytest.fixture
def browser(app):
    return Jar(httpx.ASGITransport(app))


class Jar(httpx.AsyncClient):
    """A browser; ``send_form`` fills in the form of the page at ``path``."""

    def __init__(self, transport: httpx.ASGITransport) -> None:
        super().__init__(transport=transport, base_url="https://portal")

    async def send_form(self, path: str, **values: str) -> httpx.Response:
        token = (await self.get(path)).text.partition('name="csrf" value="')[2].partition('"')[0]
        return await self.post(path, data={"csrf": token, **values})


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


def changed(fake) -> list[Any]:
    return [(one.method, one.path, one.body) for one in fake.asked if one.method != "GET"]


def change_of(**values) -> dict[str, Any]:
    known = {
        "change_id": ID, "customer_id": OTHER, "national_code": "049***0899", "first_name": "مریم",
        "last_name": "حسینی", "field": "address", "old": {"province": "تهران", "city": "ری", "street": "یک",
        "postal_code": "1234567890", "phone": None}, "new": {"province": "تهران", "city": "<b>کرج</b>",
        "street": "دو", "postal_code": "1234567891", "phone": None}, "state": "pending", "asked_at": MOMENT,
        "decided_at": None, "approvals": [], "approvals_needed": 2,
        "inquiries": [{"kind": "civil_registry", "result": None, "concluded_at": None}],
    }  # fmt: skip
    return known | values


def decision(state: str, approvals: int) -> dict[str, Any]:
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


def complaint_of(**values) -> dict[str, Any]:
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


async def test_the_queue_of_complaints_shows_their_clocks_and_keeps_its_filters(enter, fake) -> None:
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


def template_of(**values) -> dict[str, Any]:
    shown = {"text": "سلام مریم", "characters": 9, "parts": 1, "units_left": 61}
    known = {
        "name": "notice", "version": 1, "lane": "bulk", "text": "سلام {first_name}", "patterns": {},
        "active": True, "placeholders": ["first_name", "number"], "preview": shown, "created_by": None,
        "created_at": None,
    }  # fmt: skip
    return known | values


CODE = template_of(name="login_code", lane="code", text="رمز: {code}", patterns={"smsir": "42"})


def test_every_message_has_a_name_that_people_read() -> None:
    assert names().keys() == FIELDS.keys()


async def test_the_texts_are_listed_by_their_lanes(enter, fake) -> None:
    fake.say("GET", "/staff/message-templates", 200, {"items": [CODE, template_of()]})
    page = await (await enter("auditor")).get("/staff/messages")
    assert page.text.index("رمز ورود") < page.text.index("آگهی انبوه")
    assert "خبر کار خود مشتری" not in page.text


async def test_a_text_is_looked_at_before_it_is_proposed(enter, fake) -> None:
    fake.say("GET", "/staff/message-templates/notice", 200, {"items": [template_of()]})
    shown = {"text": "<b>درود</b> مریم", "characters": 9, "parts": 2, "units_left": 50}
    fake.say("POST", "/staff/message-templates/notice/preview", 200, shown)
    browser = await enter("manager")
    page = await browser.send_form("/staff/messages/notice", deed="preview", text="درود\r\n{first_name}")
    assert page.status_code == 200
    assert all(text in page.text for text in ("&lt;b&gt;درود", "درود\r\n{first_name}", "{number}"))
    assert changed(fake)[0][2] == {"text": "درود\n{first_name}"}


async def test_a_proposal_takes_the_patterns_along_that_are_left(enter, fake) -> None:
    path = "/staff/message-templates/login_code"
    fake.say("GET", path, 200, {"items": [CODE]})
    fake.say("POST", f"{path}/versions", 201, CODE | {"version": 2, "active": False})
    browser = await enter("admin")
    form = {"deed": "proposal", "text": "رمز شما: {code}", "patterns.smsir": "43", "patterns.ippanel": ""}
    answer = await browser.send_form("/staff/messages/login_code", **form)
    assert answer.headers["location"] == "/staff/messages/login_code"
    assert changed(fake)[0][2] == {"text": "رمز شما: {code}", "patterns": {"smsir": "43"}}
    await browser.send_form("/staff/messages/login_code", **form | {"patterns.smsir": ""})
    assert changed(fake)[1][2]["patterns"] == {}


async def test_what_is_wrong_with_a_text_stands_beside_it(enter, fake) -> None:
    fake.say("GET", "/staff/message-templates/notice", 200, {"items": [template_of()]})
    wrong = {"field": "text", "code": "unknown_placeholder", "message": "این پیام این خانه‌ها را نمی‌شناسد: x"}
    problem = {"code": "invalid_fields", "detail": "نادرست", "errors": [wrong]}
    fake.say("POST", "/staff/message-templates/notice/versions", 422, problem)
    browser = await enter("manager")
    page = await browser.send_form("/staff/messages/notice", deed="proposal", text="{x}")
    assert page.status_code == 422
    assert all(text in page.text for text in (wrong["message"], 'id="text-wrong"', ">{x}</textarea>"))


async def test_a_version_is_published_and_readers_are_not_offered_it(enter, fake) -> None:
    path = "/staff/message-templates/notice"
    newer = template_of(version=2, active=False, created_at=MOMENT)
    fake.say("GET", path, 200, {"items": [newer, template_of()]})
    fake.say("PUT", f"{path}/versions/2/publication", 200, newer | {"active": True})
    browser = await enter("manager")
    answer = await browser.send_form("/staff/messages/notice", deed="publication", version="2")
    assert answer.status_code == 303
    assert (
        await browser.send_form("/staff/messages/notice", deed="publication", version="../2")
    ).status_code == 422
    page = await (await enter("care")).get("/staff/messages/notice")
    assert 'name="deed"' not in page.text


def run_of(*, recipients: int = 10, **values) -> dict[str, Any]:
    figures = {
        "recipients": recipients, "waiting": 4, "under_way": 1, "sent": 2, "delivered": 3, "undelivered": 0,
        "failed": 0, "expired": 0, "cancelled": 0, "unknown": 0,
    }  # fmt: skip
    file = {
        "import_id": ID, "file_name": "<u>people.csv", "format": "csv", "state": "done", "created_by": ME,
        "created_at": MOMENT, "finished_at": MOMENT, "rows_total": 11, "rows_read": 11, "rows_good": 10,
        "rows_bad": 1, "options": {}, "failure": None,
    }  # fmt: skip
    known = {
        "run_id": ID, "kind": "file", "title": "دعوت به جشن", "state": "ready", "listed": True,
        "waits_for": None,
        "template": "notice", "template_version": 1, "plan_id": None, "created_by": ME, "created_at": MOMENT,
        "started_by": None, "started_at": None, "ended_at": None, "figures": figures, "file": file,
    }  # fmt: skip
    return known | values


def run_is(fake, **values) -> str:
    rules = {"quiet_from": "22:00:00", "quiet_until": "08:00:00", "four_eyes_above": 100}
    fake.say("GET", "/staff/message-run-rules", 200, rules)
    fake.say("GET", f"/staff/message-runs/{ID}", 200, run_of(**values))
    return f"/staff/runs/{ID}"


async def test_the_runs_are_listed_with_how_far_they_are(enter, fake) -> None:
    draw = run_of(kind="draw", state="running", template=None, template_version=None, file=None)
    fake.say("GET", "/staff/message-runs", 200, {"items": [draw], "next_cursor": ID})
    page = await (await enter("auditor")).get("/staff/runs")
    assert all(text in page.text for text in ("۵ از ۱۰", "نتیجه‌ی قرعه‌کشی", f"cursor={ID}"))
    assert "/staff/runs/new" not in page.text


@pytest.mark.parametrize(
    ("state", "deeds"),
    [
        ("reading", {"cancellation"}),
        ("ready", {"start", "cancellation"}),
        ("running", {"pause", "cancellation"}),
        ("paused", {"resume", "cancellation"}),
        ("done", set()),
    ],
)
async def test_a_run_offers_what_its_state_allows_to_who_may(enter, fake, state, deeds) -> None:
    path = run_is(fake, state=state)
    page = await (await enter("care")).get(path)
    assert set(re.findall(r'name="deed" value="(\w+)"', page.text)) == deeds
    assert ("refresh" in page.headers) is (state in ("reading", "running"))
    assert "&lt;u&gt;people.csv" in page.text


async def test_a_large_run_is_started_by_another(enter, fake) -> None:
    browser = await enter("care")
    page = await browser.get(run_is(fake, recipients=101))
    assert 'value="start"' not in page.text
    assert "کسی جز سازنده‌ی آن" in page.text
    assert 'value="start"' in (await browser.get(run_is(fake, recipients=101, created_by=OTHER))).text


async def test_a_run_that_waits_says_for_what_and_a_file_why_it_stopped(enter, fake) -> None:
    file = run_of()["file"] | {"failure": {"code": "not_utf8", "fa": "پرونده خوانا نیست.", "en": "Not text."}}
    page = await (await enter("auditor")).get(
        run_is(fake, state="running", waits_for="quiet_hours", file=file)
    )
    assert all(text in page.text for text in ("ساعت‌های آرامش است", "پرونده خوانا نیست.", "۲۲:۰۰ – ۰۸:۰۰"))


async def test_a_run_is_moved_and_a_refusal_is_said(enter, fake) -> None:
    path = run_is(fake, state="running")
    fake.say("POST", f"/staff/message-runs/{ID}/pause", 200, run_of(state="paused"))
    browser = await enter("manager")
    assert (await browser.send_form(path, deed="pause")).headers["location"] == path
    problem = {"code": "illegal_run_move", "detail": "این کار در وضعیت کنونی این ارسال ممکن نیست."}
    fake.say("POST", f"/staff/message-runs/{ID}/resume", 409, problem)
    answer = await browser.send_form(path, deed="resume")
    assert (answer.status_code, problem["detail"] in answer.text) == (409, True)
    assert (await browser.send_form(path, deed="file/start")).status_code == 422


async def send_file(browser, name: str, content: bytes, **values: str):
    token = (await browser.get("/staff/runs/new")).text.partition('name="csrf" value="')[2].partition('"')[0]
    return await browser.post(
        "/staff/runs/new", data={"csrf": token, **values}, files={"file": (name, content)}
    )


async def test_a_file_becomes_a_run_in_parts(enter, fake) -> None:
    content = b"mobile\n" + b"09120000000\n" * 100_000
    fake.say("GET", "/staff/message-templates/notice", 200, {"items": [template_of()]})
    fake.say("POST", "/staff/message-runs", 201, run_of(state="reading", file=None))
    for number in (1, 2):
        fake.say("PUT", f"/staff/message-runs/{ID}/file/parts/{number}", 204)
    fake.say("POST", f"/staff/message-runs/{ID}/file/start", 200, run_of()["file"])
    browser = await enter("care")
    answer = await send_file(browser, "people.CSV", content, title="جشن", template_version="1", key="k")
    assert answer.headers["location"] == f"/staff/runs/{ID}"
    begun, *parts, started = changed(fake)
    assert begun[2] == {"title": "جشن", "template_version": "1", "file_name": "people.CSV", "format": "csv"}
    assert b"".join(body for _, _, body in parts) == content
    assert started[2] == {"parts": 2}


@pytest.mark.parametrize(("name", "content"), [("people.exe", b"x"), ("people.csv", b"")])
async def test_a_file_that_cannot_be_one_is_not_sent_on(enter, fake, name, content) -> None:
    fake.say("GET", "/staff/message-templates/notice", 200, {"items": [template_of()]})
    answer = await send_file(await enter("care"), name, content, title="جشن بهار")
    assert (answer.status_code, changed(fake)) == (422, [])
    assert all(text in answer.text for text in ('id="file-wrong"', "جشن بهار"))
