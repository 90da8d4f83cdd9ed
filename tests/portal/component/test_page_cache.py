"""The pages that all the world looks at are made once a second."""

import asyncio

import pytest

from chassis.testing.eventually import eventually


def plan_titles(fake, *titles: str) -> None:
    plans = [
        {
            "plan_id": "1", "circular": "1", "title": title, "kind": "immediate", "method": "first_come",
            "state": "open", "opens_at": "2026-01-01T00:00:00Z", "closes_at": "2027-01-01T00:00:00Z",
            "now": "2026-06-01T00:00:00Z", "sold_out": False, "offerings": [],
        }
        for title in titles
    ]  # fmt: skip
    fake.say("GET", "/plans", 200, {"items": plans})


def times_asked(fake) -> int:
    return sum(asked.path == "/api/v1/plans" for asked in fake.asked)


async def until_asked(fake, times: int) -> None:
    await eventually(lambda: asyncio.sleep(0, times_asked(fake)), lambda asked: asked == times)


async def test_a_page_is_made_once_for_everybody(new_browser, fake) -> None:
    pages = [await new_browser().get("/") for _ in range(5)]
    assert len({page.text for page in pages}) == 1
    assert times_asked(fake) == 1
    assert all("set-cookie" not in page.headers for page in pages)
    assert "x-shared-page" not in pages[0].headers


async def test_an_old_page_is_shown_while_a_new_one_is_made(browser, fake, clock) -> None:
    plan_titles(fake, "یکم")
    await browser.get("/")
    plan_titles(fake, "دوم")
    clock.advance(seconds=2)
    assert "یکم" in (await browser.get("/")).text
    await eventually(lambda: browser.get("/"), lambda page: "دوم" in page.text)
    assert times_asked(fake) == 2


async def test_a_silent_gateway_does_not_take_the_page_away(browser, fake, clock) -> None:
    await browser.get("/")
    fake.say("GET", "/plans", 503)
    for asked_before in range(1, 4):
        clock.advance(seconds=10)
        assert (await browser.get("/")).status_code == 200
        await until_asked(fake, asked_before + 1)
    clock.advance(seconds=60)
    assert (await browser.get("/")).status_code == 503


async def test_languages_and_queries_are_pages_of_their_own(new_browser, fake) -> None:
    english = new_browser()
    await english.get("/language?to=en")
    assert 'lang="en"' in (await english.get("/")).text
    assert 'lang="fa"' in (await new_browser().get("/")).text
    assert 'lang="en"' in (await english.get("/")).text
    assert times_asked(fake) == 2


async def test_a_page_that_has_not_changed_is_not_sent_again(browser) -> None:
    first = await browser.get("/")
    again = await browser.get("/", headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize("path", ["/login", "/register", "/design"])
async def test_a_page_with_a_form_is_never_shared(new_browser, path) -> None:
    one, other = await new_browser().get(path), await new_browser().get(path)
    assert one.headers["set-cookie"] != other.headers["set-cookie"]


async def test_a_notice_is_for_the_one_who_caused_it(new_browser, fake) -> None:
    browser = new_browser()
    await browser.send_form("/recover/password")
    page = await browser.get("/")
    noticed = await browser.post("/logout", data={"csrf": (await token_of(browser))})
    assert noticed.status_code == 303
    assert "خارج شدید" in (await browser.get("/")).text
    assert "خارج شدید" not in (await new_browser().get("/")).text
    assert "خارج شدید" not in (await browser.get("/")).text
    assert "خارج شدید" not in page.text


async def token_of(browser) -> str:
    page = await browser.get("/login")
    return str(page.text.partition('name="csrf" value="')[2].partition('"')[0])
