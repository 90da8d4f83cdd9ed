"""The words of contracts on the desk."""

from portal.testing import AT, changed

API, PAGE = "/staff/contract-templates", "/staff/contract-words"
PARTS = [{"heading": "موضوع", "text": "خودروی {title}\n\nبا بهای {price}"}, {"heading": "پایان", "text": "ب"}]
VERSION = {
    "template_id": "1", "version": 4, "active": True, "created_by": None, "created_at": AT,
    "title": "قرارداد", "sections": PARTS,
}  # fmt: skip


async def test_words_go_out_as_they_stand_when_nothing_is_typed(browser, fake, sign_in):
    await sign_in("manager")
    fake.say("GET", API, 200, {"items": [VERSION]})
    shown = (await browser.get(PAGE)).text
    text = shown.partition('name="sections"')[2].partition(">")[2].partition("</textarea>")[0]
    fake.say("POST", API, 201, VERSION)
    answer = await browser.send_form(PAGE, title="قرارداد", sections=text.replace("\n", "\r\n"), key="k")
    assert answer.headers["location"] == PAGE
    assert changed(fake.asked) == [("POST", API, {"title": "قرارداد", "sections": PARTS})]


async def test_what_is_wrong_with_words_stands_beside_them(browser, fake, sign_in):
    await sign_in("manager")
    fake.say("GET", API, 200, {"items": []})
    page = await browser.send_form(PAGE, title="قرارداد", sections="بی‌عنوان\n# موضوع\nمتن")
    assert (page.status_code, changed(fake.asked)) == (422, [])
    wrong = [{"field": "sections.0.text", "message": "این نام را نمی‌شناسد: x", "code": "unknown_placeholder"}]
    problem = {"code": "validation_failed", "detail": "درست نیست.", "errors": wrong}
    fake.say("POST", API, 422, problem)
    page = await browser.send_form(PAGE, title="قرارداد", sections="# موضوع\n{x}")
    assert (page.status_code, 'id="sections-wrong"' in page.text, "{x}</textarea>" in page.text) == (
        422,
        True,
        True,
    )


async def test_words_are_looked_at_as_a_paper_before_they_are_written(browser, fake, sign_in):
    await sign_in("manager")
    fake.say("GET", API, 200, {"items": []})
    fake.say("POST", f"{API}/preview", 200, {"paper": 1})
    form = {"title": "قرارداد", "sections": "# موضوع\nمتن", "preview": "yes"}
    assert (await browser.send_form(PAGE, **form)).json() == {"paper": 1}
    words = {"title": "قرارداد", "sections": [{"heading": "موضوع", "text": "متن"}]}
    assert changed(fake.asked) == [("POST", f"{API}/preview", words)]
    fake.say("POST", f"{API}/preview", 422, {"code": "validation_failed", "detail": "این نام را نمی‌شناسد."})
    page = await browser.send_form(PAGE, **form)
    assert (page.status_code, "این نام را نمی‌شناسد." in page.text, "متن</textarea>" in page.text) == (
        422,
        True,
        True,
    )


async def test_an_auditor_reads_the_words_only(browser, fake, sign_in):
    await sign_in("auditor")
    fake.say("GET", API, 200, {"items": [VERSION]})
    page = await browser.get(PAGE)
    assert ("موضوع" in page.text, 'name="sections"' in page.text) == (True, False)
