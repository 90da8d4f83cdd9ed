"""Pages for everybody, in both languages."""

import pytest

PAGES = {
    "faq": "/faq",
    "announcements": "/announcements",
    "contact": "/contact",
    "nothing": "/no/such/page",
}


async def test_everybody_may_read(open_window) -> None:
    window = await open_window("phone")
    for name, path in PAGES.items():
        await window.open(path)
        await window.look(name)


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_every_component_can_be_read_by_day_and_by_night(open_window, scheme) -> None:
    window = await open_window("desktop")
    await window.page.emulate_media(color_scheme=scheme)
    await window.open("/design")
    await window.look(f"design-{scheme}", contrast=True)
    await window.open("/")
    await window.look(f"home-{scheme}", contrast=True)


async def test_a_keyboard_is_enough(open_window) -> None:
    window = await open_window("phone")
    await window.open("/tracking")
    keys = window.page.keyboard
    await keys.press("Tab")
    assert await focused(window) == "رفتن به متن صفحه"
    await keys.press("Enter")
    assert await window.page.evaluate("document.activeElement.id") == "main"
    await window.page.locator("summary").first.focus()
    await keys.press("Enter")
    await keys.press("Tab")
    assert await focused(window) == "طرح‌های فروش"
    await window.page.locator("#number").focus()
    async with window.page.expect_navigation():
        await keys.press("Enter")
    assert await window.page.evaluate("document.activeElement.getAttribute('role')") == "alert"


async def focused(window) -> str:
    return str(await window.page.evaluate("document.activeElement.innerText")).strip()


async def test_english_is_a_language_of_the_whole_portal(open_window) -> None:
    window = await open_window("desktop")
    await window.open("/")
    await window.follow("English")
    assert await window.page.locator("html").get_attribute("dir") == "ltr"
    await window.look("home-english")
    await window.open("/login")
    assert await window.title() == "Log in"
    await window.look("login-english")
