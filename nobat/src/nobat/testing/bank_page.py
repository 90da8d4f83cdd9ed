"""A browser at a simulated bank: it comes by an address or by a form, and goes back by either."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from html import unescape
from urllib.parse import urlsplit

import httpx

ACTION = re.compile(r'<form method="post" action="([^"]*)"')
FIELD = re.compile(r'<input type="hidden" name="([^"]*)" value="([^"]*)">')
HANDOVER = "/api/v1/payments/handover/"


@dataclass(frozen=True)
class Place:
    """Where a browser is sent, with the form that it posts there, if any."""

    url: str
    form: Mapping[str, str] | None = None


@dataclass(frozen=True)
class BankPage:
    """``client`` is the browser's; ``fields`` are those by which the page knows the payment."""

    client: httpx.AsyncClient
    url: str
    fields: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    async def entered(cls, client: httpx.AsyncClient, redirect_url: str) -> "BankPage":
        """The pay page behind the address that a started payment has, by our own page where that is it."""
        if not urlsplit(redirect_url).path.startswith(HANDOVER):
            (await client.get(redirect_url)).raise_for_status()
            return cls(client, redirect_url)
        page = (await client.get(redirect_url)).raise_for_status()
        way = form_in(page.text)
        assert way is not None, page.text
        (await client.post(way.url, data=way.form)).raise_for_status()
        return cls(client, way.url, way.form or {})

    async def decide(self, outcome: str = "paid", **more: str) -> Place | None:
        """Presses a button; where the bank sends the browser, None when it does not."""
        answer = await self.client.post(self.url, data={**self.fields, "outcome": outcome, **more})
        if answer.status_code == httpx.codes.SEE_OTHER:
            return Place(answer.headers["location"])
        return form_in(answer.text)


def form_in(page: str) -> Place | None:
    """The form with an address of its own in a page."""
    action = ACTION.search(page)
    if action is None:
        return None
    fields = {unescape(name): unescape(value) for name, value in FIELD.findall(page)}
    return Place(unescape(action[1]), fields)


async def go(client: httpx.AsyncClient, place: Place) -> httpx.Response:
    if place.form is None:
        return await client.get(place.url)
    return await client.post(place.url, data=place.form)
