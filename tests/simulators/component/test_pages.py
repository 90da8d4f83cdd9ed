"""The pages people look at, and the application as a whole."""

from collections.abc import Awaitable, Callable

import pytest
from httpx import AsyncClient, Response

Call = Callable[..., Awaitable[Response]]
Open = Callable[..., Awaitable[str]]


@pytest.mark.parametrize("path", ["/", "/bank", "/sms"])
async def test_pages_are_persian_and_have_no_inline_style_or_script(client: AsyncClient, path: str) -> None:
    page = await client.get(path)
    assert page.status_code == 200
    assert '<html lang="fa" dir="rtl">' in page.text
    assert 'href="/static/style.css"' in page.text
    assert not any(inline in page.text for inline in ("<style", "style=", "<script", "onclick"))


async def test_the_stylesheet_is_served(client: AsyncClient) -> None:
    answer = await client.get("/static/style.css")
    assert answer.headers["content-type"].startswith("text/css")


async def test_the_home_page_links_to_the_others(client: AsyncClient) -> None:
    page = await client.get("/")
    assert 'href="/bank"' in page.text
    assert 'href="/sms"' in page.text


async def test_it_says_that_it_lives(client: AsyncClient) -> None:
    assert (await client.get("/livez")).json() == {"status": "ok"}


async def test_the_sms_page_escapes_what_was_sent(client: AsyncClient, kavenegar: Call) -> None:
    await kavenegar("sms/send", receptor="09121234567", message="<img src=x>")
    page = await client.get("/sms")
    assert "<img" not in page.text
    assert "&lt;img" in page.text


async def test_the_bank_page_lists_payments_and_arms_faults(
    client: AsyncClient, open_payment: Open, pay: Call
) -> None:
    answer = await client.post("/bank/page/faults", data={"kind": "lose_callback", "count": 1})
    assert (answer.status_code, answer.headers["location"]) == (303, "/bank")
    authority = await open_payment(description="<b>پیش</b>")
    assert (await pay(authority)).status_code == 200
    page = await client.get("/bank")
    assert authority in page.text
    assert "lose_callback" in page.text
    assert "&lt;b&gt;" in page.text


async def test_the_bank_page_clears_faults_and_moves_the_clock(
    client: AsyncClient, open_payment: Open, pay: Call
) -> None:
    await client.post("/bank/page/faults", data={"kind": "lose_callback", "count": 5})
    await client.post("/bank/page/clear")
    authority = await open_payment()
    assert (await pay(authority)).status_code == 303
    await client.post("/bank/page/clock", data={"minutes": 30})
    totals = (await client.get("/bank/books")).json()["totals"]
    assert (totals["reversed"], totals["paid"]) == (
        {"payments": 1, "amount": 50_000},
        {"payments": 0, "amount": 0},
    )


async def test_an_unknown_fault_on_the_page_is_refused(client: AsyncClient) -> None:
    assert (await client.post("/bank/page/faults", data={"kind": "fire", "count": 1})).status_code == 422


async def test_the_control_api_is_described(client: AsyncClient) -> None:
    paths = (await client.get("/openapi.json")).json()["paths"]
    assert {"/bank/books", "/bank/faults/run", "/sms/books", "/sms/faults/next"} <= paths.keys()
