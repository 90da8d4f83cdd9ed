"""The desk as a whole: what its pages lead to."""

import re
from urllib.parse import urlsplit

from nobat.testing.window import Window

ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
ALIKE = re.compile(r"(?<=^/staff/)(rules|files|reports|messages)/[^/]+")
"""Pages of one template, told apart by a name."""
LINKS = "all => all.map((one) => one.getAttribute('href')).filter((href) => href.startsWith('/staff'))"
FEWEST = 40


async def test_every_page_that_the_desk_leads_to_can_be_used_by_everybody(colleagues, publish_plan) -> None:
    window = colleagues[0]
    plan = await publish_plan(title="قرعه‌کشی از میز", method="draw")
    await window.open("/staff")
    await window.look("desk")
    seen = {kind_of("/staff")}
    waiting = [*await links(window), f"/staff/plans/{plan['plan_id']}"]
    while waiting:
        link = waiting.pop()
        if kind_of(link) in seen:
            continue
        seen.add(kind_of(link))
        await window.open(link)
        assert await window.page.locator(".failure").count() == 0, link
        await window.check()
        waiting += await links(window)
    assert len(seen) > FEWEST


async def links(window: Window) -> list[str]:
    return list(await window.page.locator("main a[href]:not([download])").evaluate_all(LINKS))


def kind_of(link: str) -> str:
    return ALIKE.sub(r"\1/name", ID.sub("id", urlsplit(link).path))
