"""Forms come from our own pages, and from there only."""

import pytest
from fastapi.routing import APIRoute

from portal.app import ROUTERS

CHANGING = sorted(
    {
        (method, route.path)
        for router in ROUTERS
        for route in router.routes
        if isinstance(route, APIRoute)
        for method in (route.methods or set()) - {"GET", "HEAD"}
    }
)


def test_there_are_forms_to_look_at() -> None:
    assert ("POST", "/login") in CHANGING


async def test_no_route_takes_a_form_without_a_token(browser, fake) -> None:
    for method, path in CHANGING:
        answer = await browser.request(method, path.replace("{", "").replace("}", ""), data={"text": "1"})
        assert answer.status_code == 403, path
    assert fake.asked == []


async def test_a_form_of_a_hundred_thousand_fields_is_refused(browser, fake) -> None:
    page = await browser.get("/login")
    token = page.text.partition('name="csrf" value="')[2].partition('"')[0]
    form = f"csrf={token}" + "&a=1" * 100_000
    headers = {"content-type": "application/x-www-form-urlencoded"}
    answer = await browser.post("/login", content=form, headers=headers)
    assert answer.status_code == 400
    assert "این درخواست پذیرفته نشد" in answer.text
    assert fake.asked == []


async def test_another_browsers_token_is_no_token(new_browser, fake) -> None:
    mine, theirs = new_browser(), new_browser()
    page = await theirs.get("/login")
    token = page.text.partition('name="csrf" value="')[2].partition('"')[0]
    await mine.get("/login")
    assert (await mine.post("/login", data={"csrf": token})).status_code == 403
    assert fake.asked == []


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
async def test_another_sites_request_is_refused_whatever_it_knows(browser, fake, site) -> None:
    page = await browser.get("/login")
    token = page.text.partition('name="csrf" value="')[2].partition('"')[0]
    answer = await browser.post("/login", data={"csrf": token}, headers={"sec-fetch-site": site})
    assert answer.status_code == 403
    assert fake.asked == []


async def test_every_page_has_a_token_of_its_own_and_all_of_them_work(browser, fake) -> None:
    fake.say("POST", "/password-resets", 422, {"code": "invalid_fields", "detail": "نادرست"})
    pages = [await browser.get("/recover") for _ in range(3)]
    tokens = {page.text.partition('name="csrf" value="')[2].partition('"')[0] for page in pages}
    assert len(tokens) == 3
    for token in tokens:
        assert (await browser.post("/recover", data={"csrf": token})).status_code == 422


async def test_a_page_that_is_too_old_keeps_what_was_typed(browser) -> None:
    answer = await browser.post("/recover", data={"csrf": "old", "national_code": "۰۴۹"})
    assert answer.status_code == 403
    assert 'href="/recover"' in answer.text
    assert "۰۴۹" in (await browser.get("/recover")).text
