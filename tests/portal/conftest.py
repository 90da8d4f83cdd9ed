"""A browser, and people who use the portal with it."""

import re
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.async_api import Browser, ConsoleMessage, Page, async_playwright

from nobat.testing.person import Person
from nobat.testing.system import System
from nobat.testing.visitor import Visitor

ROOT = Path(__file__).parents[2]
AXE = ROOT / "portal/node_modules/axe-core/axe.min.js"
SCREENSHOTS = ROOT / "build/screenshots"
CHROMIUM = "/usr/bin/chromium"
SHAPES: Mapping[str, Any] = {
    "phone": {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True},
    "desktop": {"viewport": {"width": 1280, "height": 900}},
}
RUN_AXE = """async () => {
  const found = await axe.run(document, {resultTypes: ["violations"]});
  return found.violations.filter((one) => ["serious", "critical"].includes(one.impact))
    .map((one) => `${one.id}: ${one.nodes.map((node) => node.html).join(" | ").slice(0, 400)}`);
}"""
WIDER = "document.documentElement.scrollWidth > document.documentElement.clientWidth"


class Window:
    """A browser's window with one page; ``scripts`` says whether it runs JavaScript."""

    def __init__(self, page: Page, base_url: str, shape: str, *, scripts: bool) -> None:
        self.page = page
        self.scripts = scripts
        self._base_url = base_url
        self._shape = shape
        self.complaints: list[str] = []
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _hear(self, said: ConsoleMessage) -> None:
        refused = said.text.startswith("Failed to load resource") and said.location["url"] == self.page.url
        if said.type == "error" and not refused:  # a form that is refused is a page like others
            self.complaints.append(said.text)

    async def open(self, path: str) -> None:
        await self.page.goto(self._base_url + path)

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
        return self.page.url.removeprefix(self._base_url)

    async def text(self) -> str:
        return await self.page.locator("main").inner_text()

    async def look(self, name: str) -> None:
        """Leaves a screenshot; nothing serious may be wrong with the page for any reader, nor may it scroll
        sideways or have complained."""
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        await self.page.screenshot(path=SCREENSHOTS / f"{name}-{self._shape}.png", full_page=True)
        assert self.complaints == []
        if self.scripts:
            assert not await self.page.evaluate(WIDER), "the page is wider than the window"
            await self.page.evaluate(AXE.read_text())
            assert await self.page.evaluate(RUN_AXE) == []


OpenWindow = Callable[..., Awaitable[Window]]


@pytest.fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        started = await playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield started
        await started.close()


@pytest.fixture
async def open_window(browser: Browser, system: System) -> AsyncIterator[OpenWindow]:
    """Call with a shape (``phone``, ``desktop``) for a window of a browser that was never here before."""
    contexts = []

    async def new(shape: str = "phone", *, scripts: bool = True) -> Window:
        context = await browser.new_context(
            **SHAPES[shape], locale="fa-IR", java_script_enabled=scripts, reduced_motion="reduce"
        )
        context.set_default_timeout(15_000)
        contexts.append(context)
        return Window(await context.new_page(), system.base_url, shape, scripts=scripts)

    yield new
    for context in contexts:
        await context.close()


@pytest.fixture(scope="session")
async def api(system: System) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=system.base_url, timeout=30, trust_env=False) as client:
        yield client


@pytest.fixture(scope="session")
async def simulators(system: System) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=system.simulators_url, timeout=30, trust_env=False) as client:
        yield client


@pytest.fixture
def somebody(api: httpx.AsyncClient, simulators: httpx.AsyncClient) -> Visitor:
    """Somebody with a telephone who has not registered yet."""
    return Visitor(api, simulators, Person.random())


@pytest.fixture
async def member(somebody: Visitor) -> Visitor:
    """Somebody who has an account."""
    await somebody.join()
    return somebody


@pytest.fixture
def enter() -> Callable[[Window, Visitor], Awaitable[None]]:
    """Logs somebody in through the pages, with the code that a new browser is asked for."""

    async def log_in(window: Window, who: Visitor) -> None:
        sent = len(await who.codes())
        await window.open("/login")
        await window.fill(national_code=who.person.national_code, password=who.person.password)
        await window.press("ورود")
        if window.path.startswith("/login/challenge"):
            await window.fill(code=await who.new_code(after=sent))
            await window.press("ورود")
        assert not re.match(r"/login", window.path), await window.text()

    return log_in
