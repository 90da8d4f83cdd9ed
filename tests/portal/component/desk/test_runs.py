"""Bulk runs on the desk: begun from a file, watched, moved."""

import re
from typing import Any

import pytest

from portal.testing import AT, COLLEAGUE, ME, changed

ID = "019a0000-0000-7000-8000-000000000001"
NEW = "/staff/runs/new"


def run_of(*, recipients: int = 10, **values) -> dict[str, Any]:
    figures = {
        "recipients": recipients, "waiting": 4, "under_way": 1, "sent": 2, "delivered": 3, "undelivered": 0,
        "failed": 0, "expired": 0, "cancelled": 0, "unknown": 0,
    }  # fmt: skip
    file = {
        "import_id": ID, "file_name": "<u>people.csv", "format": "csv", "state": "done", "created_by": ME,
        "created_at": AT, "finished_at": AT, "rows_total": 11, "rows_read": 11, "rows_good": 10,
        "rows_bad": 1, "options": {}, "failure": None,
    }  # fmt: skip
    known = {
        "run_id": ID, "kind": "file", "title": "دعوت به جشن", "state": "ready", "listed": True,
        "waits_for": None,
        "template": "notice", "template_version": 1, "plan_id": None, "created_by": ME, "created_at": AT,
        "started_by": None, "started_at": None, "ended_at": None, "figures": figures, "file": file,
    }  # fmt: skip
    return known | values


def run_is(fake, **values) -> str:
    rules = {"quiet_from": "22:00:00", "quiet_until": "08:00:00", "four_eyes_above": 100}
    fake.say("GET", "/staff/message-run-rules", 200, rules)
    fake.say("GET", f"/staff/message-runs/{ID}", 200, run_of(**values))
    return f"/staff/runs/{ID}"


async def test_the_runs_are_listed_with_how_far_they_are(sign_in, fake) -> None:
    draw = run_of(kind="draw", state="running", template=None, template_version=None, file=None)
    fake.say("GET", "/staff/message-runs", 200, {"items": [draw], "next_cursor": ID})
    page = await (await sign_in("auditor")).get("/staff/runs")
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
async def test_a_run_offers_what_its_state_allows_to_who_may(sign_in, fake, state, deeds) -> None:
    path = run_is(fake, state=state)
    page = await (await sign_in("care")).get(path)
    assert set(re.findall(r'name="deed" value="(\w+)"', page.text)) == deeds
    assert ("refresh" in page.headers) is (state in ("reading", "running"))
    assert "&lt;u&gt;people.csv" in page.text


async def test_a_large_run_is_started_by_another(sign_in, fake) -> None:
    browser = await sign_in("care")
    page = await browser.get(run_is(fake, recipients=101))
    assert 'value="start"' not in page.text
    assert "کسی جز سازنده‌ی آن" in page.text
    assert 'value="start"' in (await browser.get(run_is(fake, recipients=101, created_by=COLLEAGUE))).text


async def test_a_run_that_waits_says_for_what_and_a_file_why_it_stopped(sign_in, fake) -> None:
    file = run_of()["file"] | {"failure": {"code": "not_utf8", "fa": "پرونده خوانا نیست.", "en": "Not text."}}
    page = await (await sign_in("auditor")).get(
        run_is(fake, state="running", waits_for="quiet_hours", file=file)
    )
    assert all(text in page.text for text in ("ساعت‌های آرامش است", "پرونده خوانا نیست.", "۲۲:۰۰ – ۰۸:۰۰"))


async def test_a_run_is_moved_and_a_refusal_is_said(sign_in, fake) -> None:
    path = run_is(fake, state="running")
    fake.say("POST", f"/staff/message-runs/{ID}/pause", 200, run_of(state="paused"))
    browser = await sign_in("manager")
    assert (await browser.send_form(path, deed="pause")).headers["location"] == path
    problem = {"code": "illegal_run_move", "detail": "این کار در وضعیت کنونی این ارسال ممکن نیست."}
    fake.say("POST", f"/staff/message-runs/{ID}/resume", 409, problem)
    answer = await browser.send_form(path, deed="resume")
    assert (answer.status_code, problem["detail"] in answer.text) == (409, True)
    assert (await browser.send_form(path, deed="file/start")).status_code == 422


NOTICE = {
    "name": "notice", "version": 1, "lane": "bulk", "text": "سلام {first_name}", "patterns": {},
    "active": True, "placeholders": ["first_name", "number"], "created_by": None, "created_at": None,
}  # fmt: skip


async def test_a_file_becomes_a_run_in_parts(sign_in, fake) -> None:
    content = b"mobile\n" + b"09120000000\n" * 100_000
    fake.say("GET", "/staff/message-templates/notice", 200, {"items": [NOTICE]})
    fake.say("POST", "/staff/message-runs", 201, run_of(state="reading", file=None))
    for number in (1, 2):
        fake.say("PUT", f"/staff/message-runs/{ID}/file/parts/{number}", 204)
    fake.say("POST", f"/staff/message-runs/{ID}/file/start", 200, run_of()["file"])
    browser = await sign_in("care")
    answer = await browser.send_file(NEW, "people.CSV", content, title="جشن", template_version="1", key="k")
    assert answer.headers["location"] == f"/staff/runs/{ID}"
    begun, *parts, started = changed(fake.asked)
    assert begun[2] == {"title": "جشن", "template_version": "1", "file_name": "people.CSV", "format": "csv"}
    assert b"".join(body for _, _, body in parts) == content
    assert started[2] == {"parts": 2}


@pytest.mark.parametrize(("name", "content"), [("people.exe", b"x"), ("people.csv", b"")])
async def test_a_file_that_cannot_be_one_is_not_sent_on(sign_in, fake, name, content) -> None:
    fake.say("GET", "/staff/message-templates/notice", 200, {"items": [NOTICE]})
    answer = await (await sign_in("care")).send_file(NEW, name, content, title="جشن بهار")
    assert (answer.status_code, changed(fake.asked)) == (422, [])
    assert all(text in answer.text for text in ('id="file-wrong"', "جشن بهار"))
