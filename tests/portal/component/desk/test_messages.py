"""The texts of messages on the desk: looked at, proposed, published."""

from typing import Any

from notify.templates.domain import FIELDS
from portal.pages.desk_people.message_names import names
from portal.testing import AT, changed

ID = "019a0000-0000-7000-8000-000000000001"


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


async def test_the_texts_are_listed_by_their_lanes(sign_in, fake) -> None:
    fake.say("GET", "/staff/message-templates", 200, {"items": [CODE, template_of()]})
    page = await (await sign_in("auditor")).get("/staff/messages")
    assert page.text.index("رمز ورود") < page.text.index("آگهی انبوه")
    assert "خبر کار خود مشتری" not in page.text


async def test_a_text_is_looked_at_before_it_is_proposed(sign_in, fake) -> None:
    fake.say("GET", "/staff/message-templates/notice", 200, {"items": [template_of()]})
    shown = {"text": "<b>درود</b> مریم", "characters": 9, "parts": 2, "units_left": 50}
    fake.say("POST", "/staff/message-templates/notice/preview", 200, shown)
    browser = await sign_in("manager")
    page = await browser.send_form("/staff/messages/notice", deed="preview", text="درود\r\n{first_name}")
    assert page.status_code == 200
    assert all(text in page.text for text in ("&lt;b&gt;درود", "درود\r\n{first_name}", "{number}"))
    assert changed(fake.asked)[0][2] == {"text": "درود\n{first_name}"}


async def test_a_proposal_takes_the_patterns_along_that_are_left(sign_in, fake) -> None:
    path = "/staff/message-templates/login_code"
    fake.say("GET", path, 200, {"items": [CODE]})
    fake.say("POST", f"{path}/versions", 201, CODE | {"version": 2, "active": False})
    browser = await sign_in("admin")
    form = {"deed": "proposal", "text": "رمز شما: {code}", "patterns.smsir": "43", "patterns.ippanel": ""}
    answer = await browser.send_form("/staff/messages/login_code", **form)
    assert answer.headers["location"] == "/staff/messages/login_code"
    assert changed(fake.asked)[0][2] == {"text": "رمز شما: {code}", "patterns": {"smsir": "43"}}
    await browser.send_form("/staff/messages/login_code", **form | {"patterns.smsir": ""})
    assert changed(fake.asked)[1][2]["patterns"] == {}


async def test_what_is_wrong_with_a_text_stands_beside_it(sign_in, fake) -> None:
    fake.say("GET", "/staff/message-templates/notice", 200, {"items": [template_of()]})
    wrong = {"field": "text", "code": "unknown_placeholder", "message": "این پیام این خانه‌ها را نمی‌شناسد: x"}
    problem = {"code": "invalid_fields", "detail": "نادرست", "errors": [wrong]}
    fake.say("POST", "/staff/message-templates/notice/versions", 422, problem)
    browser = await sign_in("manager")
    page = await browser.send_form("/staff/messages/notice", deed="proposal", text="{x}")
    assert page.status_code == 422
    assert all(text in page.text for text in (wrong["message"], 'id="text-wrong"', ">{x}</textarea>"))


async def test_a_version_is_published_and_readers_are_not_offered_it(sign_in, fake) -> None:
    path = "/staff/message-templates/notice"
    newer = template_of(version=2, active=False, created_at=AT)
    fake.say("GET", path, 200, {"items": [newer, template_of()]})
    fake.say("PUT", f"{path}/versions/2/publication", 200, newer | {"active": True})
    browser = await sign_in("manager")
    answer = await browser.send_form("/staff/messages/notice", deed="publication", version="2")
    assert answer.status_code == 303
    assert (
        await browser.send_form("/staff/messages/notice", deed="publication", version="../2")
    ).status_code == 422
    page = await (await sign_in("care")).get("/staff/messages/notice")
    assert 'name="deed"' not in page.text
