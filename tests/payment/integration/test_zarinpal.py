"""The adapter against the simulator, over HTTP."""

from uuid import uuid4

import pytest
from fastapi import FastAPI
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse

from chassis.http import new_client
from payment.providers.port import (
    BankSession,
    Conflict,
    NotPaid,
    Opened,
    PaymentOrder,
    Refused,
    Returned,
    SessionState,
    Unanswered,
    Verified,
)
from payment.providers.zarinpal import ZarinPal

MERCHANT = "11111111-2222-4333-8444-555555555555"
AMOUNT = 50_000


def order(amount=AMOUNT):
    return PaymentOrder(uuid4(), amount, "پیش‌پرداخت", "http://shop.test/callback", 7)


def session(authority, amount=AMOUNT):
    return BankSession(authority, uuid4(), amount)


@pytest.fixture
async def zarinpal(bank):
    async with new_client(timeout=20) as client:
        yield ZarinPal(bank.url, MERCHANT, "zarinpal-refund-token", client)


@pytest.fixture
async def opened(zarinpal):
    answer = await zarinpal.request(order())
    assert isinstance(answer, Opened)
    return answer


async def test_a_session_is_in_the_bank_until_the_buyer_decides(zarinpal, opened):
    assert await zarinpal.inquire(session(opened.authority)) is SessionState.IN_BANK
    assert await zarinpal.verify(session(opened.authority)) == NotPaid()


async def test_the_buyer_is_sent_where_browsers_reach_the_bank(bank):
    async with new_client(timeout=20) as client:
        adapter = ZarinPal(bank.url, MERCHANT, "", client, page_url="https://bank.test/")
        answer = await adapter.request(order())
    assert isinstance(answer, Opened)
    assert answer.redirect_url == f"https://bank.test/pg/StartPay/{answer.authority}"


async def test_verifying_twice_says_paid_twice_with_one_reference(zarinpal, opened, bank):
    await bank.pay(opened.redirect_url)
    first = await zarinpal.verify(session(opened.authority))
    second = await zarinpal.verify(session(opened.authority))
    assert isinstance(first, Verified)
    assert first == second
    assert first.card is not None
    assert "*" in first.card
    assert await zarinpal.inquire(session(opened.authority)) is SessionState.VERIFIED


async def test_another_amount_than_was_paid_is_a_conflict(zarinpal, opened, bank):
    await bank.pay(opened.redirect_url)
    assert await zarinpal.verify(session(opened.authority, AMOUNT - 1)) == Conflict()


async def test_what_was_paid_and_not_verified_is_listed(zarinpal, opened, bank):
    await bank.pay(opened.redirect_url)
    assert opened.authority in await zarinpal.unverified()


async def test_money_can_be_reversed_once(zarinpal, opened, bank):
    await bank.pay(opened.redirect_url)
    assert await zarinpal.reverse(session(opened.authority)) == Returned()
    assert await zarinpal.reverse(session(opened.authority)) == Refused("-61", nothing_left=True)
    assert await zarinpal.inquire(session(opened.authority)) is SessionState.REVERSED


async def test_money_can_be_refunded_once(zarinpal, opened, bank):
    await bank.pay(opened.redirect_url)
    await zarinpal.verify(session(opened.authority))
    assert await zarinpal.refund(session(opened.authority), AMOUNT) == Returned()
    assert await zarinpal.refund(session(opened.authority), AMOUNT) == Refused("-61", nothing_left=True)


async def test_a_request_that_the_provider_refuses_is_refused_with_its_code(zarinpal):
    assert await zarinpal.request(order(amount=999)) == Refused("-9")


async def test_an_unknown_authority_tells_nothing_about_money(zarinpal):
    assert isinstance(await zarinpal.verify(session("A" * 36)), Unanswered)
    assert isinstance(await zarinpal.inquire(session("A" * 36)), Unanswered)


@pytest.mark.parametrize("kind", ["unavailable", "hang_lost", "hang_done"])
async def test_no_answer_is_no_answer(zarinpal, opened, bank, kind):
    await bank.pay(opened.redirect_url)
    await bank.arm(opened.redirect_url, {"kind": kind, "operation": "verify"})
    assert isinstance(await zarinpal.verify(session(opened.authority)), Unanswered)
    assert isinstance(await zarinpal.verify(session(opened.authority)), Verified)


ANSWERS = {
    "html": HTMLResponse("<h1>OK</h1>"),
    "a list": JSONResponse([]),
    "both empty": JSONResponse({"data": [], "errors": []}),
    "no code": JSONResponse({"data": {"ref_id": 1}, "errors": []}),
    "no reference": JSONResponse({"data": {"code": 100}, "errors": []}),
    "a redirect": RedirectResponse("/elsewhere", 307),
}


@pytest.mark.parametrize("answer", ANSWERS.values(), ids=ANSWERS)
async def test_an_answer_that_cannot_be_understood_never_means_paid(serve_app, answer):
    visited = []
    app = FastAPI()

    @app.get("/livez")
    async def livez():
        return {}

    @app.post("/pg/v4/payment/verify.json")
    async def verify():
        return answer

    @app.post("/elsewhere")
    async def elsewhere():
        visited.append(1)
        return {"data": {"code": 100, "ref_id": 1}, "errors": []}

    async with serve_app(app) as url, new_client(timeout=20) as client:
        strange = ZarinPal(url, MERCHANT, "", client)
        assert isinstance(await strange.verify(session("A" * 36)), Unanswered)
    assert not visited


async def test_a_provider_that_is_down_is_no_answer():
    async with new_client(timeout=1) as client:
        gone = ZarinPal("http://127.0.0.1:9", MERCHANT, "", client)
        assert isinstance(await gone.request(order()), Unanswered)


@pytest.mark.parametrize("authority", ["", "short", "A" * 65, "A" * 35 + "\x00", "A" * 30 + "' OR 1"])
def test_a_callback_without_a_proper_authority_names_nothing(authority):
    adapter = ZarinPal("http://bank.test", MERCHANT, "", client=new_client(timeout=1))
    assert adapter.read_callback({"Authority": authority, "Status": "OK"}) is None


def test_a_callback_keeps_nothing_but_its_status():
    adapter = ZarinPal("http://bank.test", MERCHANT, "", client=new_client(timeout=1))
    hint = adapter.read_callback({"Authority": "A" * 36, "Status": "OK", "CardPan": "6037701689095443"})
    assert hint is not None
    assert hint.fields == {"Status": "OK"}
