"""Pages for everybody, in both languages."""

import pytest

PAGES = {"faq": "/faq", "announcements": "/announcements", "contact": "/contact", "nothing": "/no/such/page"}


@pytest.mark.parametrize("shape", ["phone", "desktop"])
async def test_everybody_may_read(open_window, shape) -> None:
    window = await open_window(shape)
    for name, path in PAGES.items():
        await window.open(path)
        await window.look(name)
    await window.open("/design")
    await window.look("design")


async def test_english_is_a_language_of_the_whole_portal(open_window) -> None:
    window = await open_window("desktop")
    await window.open("/")
    await window.follow("English")
    assert await window.page.locator("html").get_attribute("dir") == "ltr"
    await window.look("home-english")
    await window.open("/login")
    assert await window.title() == "Log in"
    await window.look("login-english")
