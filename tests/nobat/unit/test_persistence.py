"""The persistent client asks again exactly when a person's program would."""

import httpx
import pytest

from nobat.testing.persistence import Persistent

Outcome = httpx.Response | httpx.TransportError


class Scripted(httpx.AsyncBaseTransport):
    """Does what it is told, one thing after the other."""

    def __init__(self, *outcomes: Outcome) -> None:
        self.outcomes = list(outcomes)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        outcome = self.outcomes.pop(0)
        if isinstance(outcome, httpx.TransportError):
            raise outcome
        return outcome


def client(*outcomes: Outcome, patience: float = 30) -> httpx.AsyncClient:
    return httpx.AsyncClient(
        transport=Persistent(patience, Scripted(*outcomes)), base_url="http://shop.example"
    )


@pytest.mark.parametrize(
    "trouble",
    [
        httpx.ConnectError("refused"),
        httpx.ReadError("lost"),
        httpx.Response(502),
        httpx.Response(503),
        httpx.Response(504),
        httpx.Response(409, headers={"retry-after": "1"}),
    ],
)
async def test_a_request_with_a_key_is_repeated_until_it_is_settled(trouble: Outcome) -> None:
    async with client(trouble, httpx.Response(201)) as shop:
        answer = await shop.post("/orders", headers={"idempotency-key": "k"})
    assert answer.status_code == 201


async def test_a_refusal_is_an_answer() -> None:
    async with client(httpx.Response(409)) as shop:
        assert (await shop.get("/orders")).status_code == 409


async def test_what_must_not_be_repeated_is_asked_once() -> None:
    async with client(httpx.Response(503)) as shop:
        assert (await shop.post("/orders")).status_code == 503


async def test_patience_ends() -> None:
    async with client(httpx.ConnectError("refused"), patience=-1) as shop:
        with pytest.raises(httpx.ConnectError):
            await shop.get("/orders")
