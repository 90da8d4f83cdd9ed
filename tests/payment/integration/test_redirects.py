"""A bank's address that leads elsewhere: nobody is asked there, and nothing is known of the money."""

from uuid import uuid4

import pytest
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse

from chassis.http import new_client
from chassis.testing.clock import MovableClock
from payment.providers.mellat import Account, Mellat
from payment.providers.port import BankSession, Claim, PaymentOrder, Unanswered
from payment.providers.sadad import Sadad, Terminal
from payment.providers.sep import Sep
from payment.providers.zarinpal import ZarinPal
from payment.providers.zibal import Zibal

AMOUNT = 50_000
ORDER = PaymentOrder(uuid4(), AMOUNT, "پیش‌پرداخت", "http://shop.test/callback", 7, "0010350829")
SESSION = BankSession("3000000000", uuid4(), AMOUNT, (Claim("77"),), number=7)
CALLS = {
    "request": lambda provider: provider.request(ORDER),
    "verify": lambda provider: provider.verify(SESSION),
    "inquire": lambda provider: provider.inquire(SESSION),
    "reverse": lambda provider: provider.reverse(SESSION),
    "refund": lambda provider: provider.refund(SESSION, AMOUNT),
}
ASKS = {
    "zarinpal": tuple(CALLS),
    "zibal": ("request", "verify", "inquire"),
    "sep": ("request", "verify", "reverse"),
    "mellat": tuple(CALLS),
    "sadad": ("request", "verify"),
}
"""What a provider is asked for over the network."""
PAID = {"data": {"code": 100, "authority": "A" * 36, "ref_id": 1}, "errors": []}
"""What would be a good answer of ZarinPal's if it did not lead on."""


@pytest.fixture(scope="module")
async def client():
    async with new_client(timeout=20) as client:
        yield client


def adapter(name, url, client):
    clock = MovableClock()
    makers = {
        "zarinpal": lambda: ZarinPal(url, "merchant", "refund-token", client),
        "zibal": lambda: Zibal(url, "zibal", client),
        "sep": lambda: Sep(url, 1, client),
        "mellat": lambda: Mellat(url, Account(1, "nobat", "secret"), client, clock),
        "sadad": lambda: Sadad(url, Terminal("1", "2", "bm9iYXQtc2FkYWQtdGVybWluYWwta2V5"), client, clock),
    }
    return makers[name]()


@pytest.fixture(scope="module")
def visits():
    return []


@pytest.fixture(scope="module")
async def bank_url(serve_app, visits):
    """Under ``/302`` and ``/307`` a bank that answers every call so, with another address and PAID."""
    app = FastAPI()

    @app.get("/livez")
    async def livez():
        return {}

    @app.post("/{status}/{path:path}")
    async def leading_on(status: int):
        visits.append("bank")
        return JSONResponse(PAID, status, {"location": "/elsewhere"})

    @app.api_route("/elsewhere", methods=["GET", "POST"])
    async def elsewhere(request: Request):
        visits.append(request.url.path)

    async with serve_app(app) as url:
        yield url


@pytest.mark.parametrize("status", [302, 307])
@pytest.mark.parametrize(("name", "call"), [(name, call) for name in ASKS for call in ASKS[name]])
async def test_a_redirect_is_not_followed_and_is_no_answer(bank_url, visits, client, name, call, status):
    visits.clear()
    outcome = await CALLS[call](adapter(name, f"{bank_url}/{status}", client))
    assert isinstance(outcome, Unanswered)
    assert visits == ["bank"]
