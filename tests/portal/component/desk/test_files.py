"""Files that the staff hand in, of every kind on the same page."""

import pytest

from portal.pages.desk_files.kinds import KINDS
from portal.testing import AT, COLLEAGUE, changed

IMPORT = "01981f2a-0000-7000-8000-0000000000ac"


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
    imports, page = "/staff/deliveries/imports", "/staff/files/deliveries"
    fake.say("GET", imports, 200, {"items": [file_of()], "next_cursor": None})
    fake.say("POST", imports, 201, file_of(state="uploading"))
    for number in (1, 2):
        fake.say("PUT", f"{imports}/{IMPORT}/parts/{number}", 204)
    fake.say("POST", f"{imports}/{IMPORT}/start", 200, file_of())
    content = b"0123456789" * 200_000
    answer = await browser.send_file(page, "steps.csv", content)
    assert answer.headers["location"] == f"{page}/{IMPORT}"
    begun, *parts, started = changed(fake.asked)
    assert begun[2] == {"file_name": "steps.csv", "format": "csv", "options": {}}
    assert b"".join(body for _, _, body in parts) == content
    assert started[2] == {"parts": len(parts)}
    fake.say("GET", f"{imports}/{IMPORT}", 200, file_of())
    shown = await browser.get(f"{page}/{IMPORT}")
    assert 'max="100" value="40"' in shown.text
    assert f'href="{page}/{IMPORT}/errors.csv"' in shown.text
    assert (await browser.send_form(page)).status_code == 422


async def test_what_is_asked_of_a_file_goes_along_and_what_is_wrong_stands_beside_it(browser, fake, sign_in):
    await sign_in("finance")
    imports, page = "/staff/blocked-deposits/imports", "/staff/files/blocked"
    fake.say("GET", imports, 200, {"items": [], "next_cursor": None})
    wrong = [{"field": "bank", "message": "سه رقم است.", "code": "pattern"}]
    problem = {"code": "validation_failed", "detail": "درست نیست.", "errors": wrong}
    fake.say("POST", imports, 422, problem)
    options = {"bank": "۱۷", "plan_id": IMPORT, "least": "1,000,000", "complete": "yes"}
    answer = await browser.send_file(page, "list.xlsx", b"x", **options)
    sent = {"bank": "۱۷", "plan_id": IMPORT, "least": 1_000_000, "complete": True}
    assert changed(fake.asked)[0][2]["options"] == sent
    assert (answer.status_code, 'id="bank-wrong"' in answer.text) == (422, True)
    answer = await browser.send_file(page, "list.csv", b"x", **options | {"least": "many"})
    assert (answer.status_code, 'id="least-wrong"' in answer.text) == (422, True)


@pytest.mark.parametrize("name", KINDS)
async def test_every_kind_of_file_has_its_page(browser, fake, sign_in, name):
    await sign_in("manager", "finance")
    fake.say("GET", KINDS[name].api, 200, {"items": [file_of(state="done")], "next_cursor": None})
    page = await browser.get(f"/staff/files/{name}")
    assert (page.status_code, "steps.csv" in page.text) == (200, True)


async def test_there_is_no_page_of_an_unknown_kind(browser, fake, sign_in):
    await sign_in("manager")
    assert (await browser.get("/staff/files/anything")).status_code == 404
