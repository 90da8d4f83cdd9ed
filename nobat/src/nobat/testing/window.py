"""A browser's window, as somebody uses the portal with it."""

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import httpx
from playwright.async_api import Browser, ConsoleMessage, Page

from nobat.testing.visitor import Json, Visitor

ROOT = Path(__file__).parents[4]
AXE = ROOT / "portal/node_modules/axe-core/axe.min.js"
SCREENSHOTS = ROOT / "build/screenshots"
PATIENCE_MS = 60_000
"""A busy machine is slow."""
SHAPES: Mapping[str, Any] = {
    "phone": {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True},
    "desktop": {"viewport": {"width": 1280, "height": 900}},
}
RUN_AXE = """async (rules) => {
  const found = await axe.run(document, {resultTypes: ["violations"], rules});
  return found.violations.filter((one) => ["serious", "critical"].includes(one.impact))
    .map((one) => `${one.id}: ${one.nodes.map((node) => node.html).join(" | ").slice(0, 400)}`);
}"""
TOKEN = re.compile('name="csrf" value="([^"]+)"')
WIDER = "document.documentElement.scrollWidth > document.documentElement.clientWidth"


@cache
def axe() -> str:
    return AXE.read_text()


class Window:
    """A browser's window with one page; ``scripts`` says whether it runs JavaScript."""

    def __init__(self, page: Page, base_url: str, shape: str, *, scripts: bool) -> None:
        self.page = page
        self.scripts = scripts
        self.base_url = base_url
        self._shape = shape
        self.complaints: list[str] = []
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _hear(self, said: ConsoleMessage) -> None:
        refused = said.text.startswith("Failed to load resource") and said.location["url"] == self.page.url
        if said.type == "error" and not refused:  # a form that is refused is a page like others
            self.complaints.append(said.text)

    async def open(self, path: str) -> None:
        await self.page.goto(self.base_url + path)

    async def fill(self, **values: str) -> None:
        """Fields by their names, in which ``__`` stands for a dot."""
        for name, value in values.items():
            await self.page.locator(f'[name="{name.replace("__", ".")}"]:not([type=radio])').fill(value)

    async def choose(self, name: str, value: str) -> None:
        """An option of a list, or a radio button."""
        if await self.page.locator(f'select[name="{name}"]').count():
            await self.page.locator(f'select[name="{name}"]').select_option(value)
        else:
            await self.page.locator(f'[name="{name}"][value="{value}"]').check()

    async def press(self, name: str) -> None:
        """The button of that name; waits for the page that it leads to."""
        async with self.page.expect_navigation():
            await self.page.get_by_role("button", name=name, exact=True).first.click()

    async def follow(self, name: str) -> None:
        """The link of that name."""
        async with self.page.expect_navigation():
            await self.page.get_by_role("link", name=name, exact=True).first.click()

    async def title(self) -> str:
        return await self.page.locator("h1").inner_text()

    @property
    def path(self) -> str:
        return self.page.url.removeprefix(self.base_url)

    async def text(self) -> str:
        return await self.page.locator("main").inner_text()

    async def look(self, name: str, *, contrast: bool = False) -> None:
        """Leaves a screenshot, and checks the page."""
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        path = SCREENSHOTS / f"{name}-{self._shape}.jpg"
        await self.page.screenshot(path=path, full_page=True, type="jpeg", quality=85)
        await self.check(contrast=contrast)

    async def check(self, *, contrast: bool = False) -> None:
        """Nothing serious may be wrong with the page for any reader, nor may it scroll sideways or have
        complained.

        To look at the ``contrast`` takes three times as long; the page ``/design`` has all the colours.
        """
        assert self.complaints == []
        if self.scripts:
            assert not await self.page.evaluate(WIDER), "the page is wider than the window"
            await self.page.evaluate(axe())
            assert await self.page.evaluate(RUN_AXE, {"color-contrast": {"enabled": contrast}}) == []


async def window_of(browser: Browser, base_url: str, shape: str, *, scripts: bool = True) -> Window:
    """Of a browser that was never here before."""
    context = await browser.new_context(
        **SHAPES[shape], locale="fa-IR", java_script_enabled=scripts, reduced_motion="reduce"
    )
    context.set_default_timeout(PATIENCE_MS)
    return Window(await context.new_page(), base_url, shape, scripts=scripts)


async def log_in(window: Window, who: Visitor) -> None:
    """Logs somebody in as their browser would, without showing the pages on the way.

    Who asks calls itself what the visitor's client does: a device that has just proved a code of a buyer's.
    """
    async with httpx.AsyncClient(base_url=window.base_url, timeout=60, trust_env=False) as client:
        sent = len(await who.codes())
        leads_to = await send_form(client, "/login", who.credentials())
        if leads_to == "/login/challenge":
            leads_to = await send_form(client, leads_to, {"code": await who.new_code(after=sent)})
        assert not leads_to.startswith("/login")
        domain = client.base_url.host
        await window.page.context.add_cookies(
            [
                {"name": name, "value": value, "domain": domain, "path": "/", "secure": True}
                for name, value in client.cookies.items()
            ]
        )


async def send_form(client: httpx.AsyncClient, path: str, values: Json) -> str:
    """Sends the form of the page at ``path``, filled in; the path that it leads to.

    Browsers give secure cookies to this machine without TLS, too; httpx has to be told what to send.
    """
    page = await client.get(path, headers=cookies_of(client))
    [token, *_] = TOKEN.findall(page.text)
    answer = await client.post(path, data={"csrf": token, **values}, headers=cookies_of(client))
    assert answer.status_code == httpx.codes.SEE_OTHER, answer.text
    return answer.headers["location"]


def cookies_of(client: httpx.AsyncClient) -> dict[str, str]:
    return {"cookie": "; ".join(f"{name}={value}" for name, value in client.cookies.items())}
