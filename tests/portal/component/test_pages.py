"""What every page is sent with, and what it weighs."""

import re
from pathlib import Path
from uuid import UUID

import pytest

from portal.assets import Assets
from portal.testing import LOGIN, PAIR, token

PUBLIC = ["/", "/login", "/login/code", "/register", "/recover", "/contact", "/design", "/no/such/page"]
MOST_BYTES = 60_000


@pytest.mark.parametrize("path", PUBLIC)
async def test_a_page_lets_no_foreign_or_inline_code_run(browser, path) -> None:
    answer = await browser.get(path)
    policy = dict(part.split(" ", 1) for part in answer.headers["content-security-policy"].split("; "))
    assert policy["default-src"] == policy["frame-ancestors"] == policy["base-uri"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["form-action"] == "'self'"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "same-origin"
    assert not re.search(r"<style|<script(?![^>]*src=)|\son\w+=|\sstyle=|javascript:", answer.text)
    assert not re.search(r'(?:src|href)="(?:https?:)?//', answer.text)


async def test_only_the_page_that_leads_to_a_bank_tells_where_the_payer_comes_from(browser, fake) -> None:
    tokens = {"access_token": token(sub="7", roles=[]), "refresh_token": "one", **PAIR}
    fake.say("POST", "/sessions", 201, tokens)
    fake.say("GET", "/me", 200, {"first_name": "مریم", "last_name": "حسینی"})
    await browser.send_form("/login", **LOGIN)
    bill = f"/bills/{UUID(int=7)}"
    started = {"redirect_url": "https://bank.example/pay", "amount": 5, "remaining": 0, "part": None}
    fake.say("POST", f"{bill}/payments", 201, started)
    page = await browser.get("/account/password")
    assert page.headers["referrer-policy"] == "same-origin"
    csrf = re.findall('name="csrf" value="([^"]*)"', page.text)[0]
    leads = await browser.post(bill, data={"csrf": csrf})
    assert leads.headers["referrer-policy"] == "strict-origin-when-cross-origin"
    assert 'content="0;url=https://bank.example/pay"' in leads.text


async def test_the_first_page_is_light(browser) -> None:
    """The page and all that it loads, as a new browser gets it over the wire."""
    page = await browser.get("/", headers={"accept-encoding": "gzip"})
    loaded = set(re.findall(r'"(/assets/[^"#]+)[#"]', page.text))
    assets = Assets()
    loaded |= {assets.path("vazirmatn-persian.woff2"), assets.path("vazirmatn-latin.woff2")}
    sizes = {path: len(assets.by_path[path].packed or assets.by_path[path].body) for path in loaded}
    assert int(page.headers["content-length"]) + sum(sizes.values()) <= MOST_BYTES, sizes


async def test_assets_are_kept_for_a_year_and_named_by_their_content(browser) -> None:
    path = Assets().path("style.css")
    answer = await browser.get(path)
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert answer.headers["content-encoding"] == "gzip"
    assert re.search(r'url\("/assets/vazirmatn-persian\.[0-9a-f]{12}\.woff2"\)', answer.text)
    assert (await browser.get(path.replace(".css", "0.css"))).status_code == 404


def test_assets_of_others_are_not_in_the_repository(pytestconfig) -> None:
    ours = {file.name for file in (pytestconfig.rootpath / "portal/src/portal/static").iterdir()}
    assert not [name for name in ours if Path(name).suffix in {".woff2", ".ttf"} or "htmx" in name]


async def test_a_page_with_something_of_the_visitor_is_kept_by_nobody(browser) -> None:
    assert (await browser.get("/login")).headers["cache-control"] == "no-store"


async def test_a_silent_gateway_is_said_in_a_sentence(browser, fake) -> None:
    fake.say("GET", "/office-hours", 503)
    answer = await browser.get("/contact")
    assert answer.status_code == 503
    assert "پاسخ نمی‌دهد" in answer.text


async def test_the_language_is_a_choice_that_stays(browser) -> None:
    assert 'lang="fa" dir="rtl"' in (await browser.get("/")).text
    chosen = await browser.get("/language?to=en&back=/contact")
    assert chosen.headers["location"] == "/contact"
    page = await browser.get("/")
    assert 'lang="en" dir="ltr"' in page.text
    assert page.headers["content-language"] == "en"
    assert (await browser.get("/language?to=en&back=//evil.example")).headers["location"] == "/"
    assert "There is no such page" in (await browser.get("/no/such/page")).text


async def test_what_a_person_typed_is_never_code(browser, fake) -> None:
    nasty = '"><script>alert(1)</script>'
    answer = await browser.send_form("/register", first_name=nasty, gender=nasty)
    assert "<script>alert" not in answer.text
    assert "&lt;script&gt;" in answer.text
