"""SEP, Mellat, Sadad and Zibal as their merchants see them: what their documents refuse."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from httpx import AsyncClient, Response

Advance = Callable[[float], Awaitable[None]]

TERMINAL = 21_000_001
BACK = "http://shop.test/callback"
SOAP = (
    '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/" xmlns:i="http://interfaces.core.sw.bps.com/">'
    "<s:Body><i:{operation}>{arguments}</i:{operation}></s:Body></s:Envelope>"
)
ACCOUNT = {"terminalId": 1234567, "userName": "nobat", "userPassword": "mellat-password"}


async def sep_token(client: AsyncClient, number: str = "7", **changes: Any) -> Response:
    body = {
        "action": "token",
        "TerminalId": TERMINAL,
        "Amount": 50_000,
        "ResNum": number,
        "RedirectUrl": BACK,
    }
    return await client.post("/onlinepg/onlinepg", json=body | changes)


async def sep(client: AsyncClient, operation: str, reference: str, terminal: int = TERMINAL) -> int:
    body = {"RefNum": reference, "TerminalNumber": terminal}
    answer = await client.post(f"/verifyTxnRandomSessionkey/ipg/{operation}Transaction", json=body)
    code: int = answer.json()["ResultCode"]
    return code


async def sep_paid(client: AsyncClient, number: str = "7") -> str:
    token = (await sep_token(client, number)).json()["token"]
    await client.post(f"/OnlinePG/SendToken?token={token}", data={"outcome": "paid"})
    rows = (await client.get("/bank/books")).json()["payments"]
    return str(next(row["ref_id"] for row in rows if row["reference"] == token))


@pytest.mark.parametrize("changes", [{"TerminalId": 1}, {"action": "x"}, {"Amount": 0}, {"RedirectUrl": "x"}])
async def test_sep_gives_no_token_for_a_wrong_request(client: AsyncClient, changes: dict[str, Any]) -> None:
    assert (await sep_token(client, **changes)).json()["status"] == -1


async def test_sep_takes_an_order_number_once(client: AsyncClient) -> None:
    assert [(await sep_token(client)).json()["status"] for _ in range(2)] == [1, -1]


async def test_sep_verifies_again_and_reverses_for_fifty_minutes(
    client: AsyncClient, advance: Advance
) -> None:
    early, late = await sep_paid(client, "1"), await sep_paid(client, "2")
    assert [await sep(client, "Verify", early) for _ in range(2)] == [0, 2]
    assert await sep(client, "Verify", late) == 0
    assert [await sep(client, "Reverse", early) for _ in range(2)] == [0, 5]
    assert await sep(client, "Verify", early) == 5
    await advance(50 * 60 + 1)
    assert await sep(client, "Reverse", late) == -6
    assert await sep(client, "Verify", "1") == -2
    assert await sep(client, "Verify", late, terminal=1) == -105


async def mellat(client: AsyncClient, operation: str, **arguments: Any) -> str:
    given = "".join(f"<{name}>{value}</{name}>" for name, value in (ACCOUNT | arguments).items())
    body = SOAP.format(operation=operation, arguments=given)
    answer = await client.post("/pgwchannel/services/pgw", content=body)
    return answer.text.partition("<return>")[2].partition("</return>")[0]


async def mellat_opened(client: AsyncClient, number: int, **changes: Any) -> str:
    order = {"orderId": number, "amount": 50_000, "localDate": "20260101", "localTime": "120000"}
    return await mellat(client, "bpPayRequest", **order | {"callBackUrl": BACK, "payerId": 0} | changes)


async def mellat_paid(client: AsyncClient, number: int) -> dict[str, int]:
    ref_id = (await mellat_opened(client, number)).partition(",")[2]
    await client.post("/pgwchannel/startpay.mellat", data={"RefId": ref_id, "outcome": "paid"})
    rows = (await client.get("/bank/books")).json()["payments"]
    reference = next(row["ref_id"] for row in rows if row["reference"] == ref_id)
    return {"orderId": number, "saleOrderId": number, "saleReferenceId": reference}


async def test_mellat_refuses_strangers_used_numbers_and_wrong_amounts(client: AsyncClient) -> None:
    assert await mellat_opened(client, 1, userPassword="other") == "21"
    assert await mellat_opened(client, 1, amount=0) == "25"
    assert (await mellat_opened(client, 1)).startswith("0,")
    assert await mellat_opened(client, 1) == "41"


async def test_mellat_knows_a_sale_by_both_numbers_only(client: AsyncClient) -> None:
    sale = await mellat_paid(client, 1)
    assert await mellat(client, "bpVerifyRequest", **sale | {"saleOrderId": 2}) == "42"
    assert await mellat(client, "bpInquiryRequest", **sale) == "44"


async def test_mellat_settles_after_verifying_and_then_only_refunds(client: AsyncClient) -> None:
    sale = await mellat_paid(client, 1)
    steps = ("Settle", "Refund", "Verify", "Verify", "Settle", "Settle", "Reversal", "Inquiry")
    codes = [await mellat(client, f"bp{step}Request", **sale, refundAmount=1) for step in steps]
    assert codes == ["47", "46", "0", "43", "0", "45", "45", "0"]
    amounts = (49_000, 2_000, 1_000, 1)
    refunds = [await mellat(client, "bpRefundRequest", **sale, refundAmount=amount) for amount in amounts]
    assert refunds == ["0", "25", "0", "48"]


async def test_mellat_reverses_what_is_verified_and_not_settled(
    client: AsyncClient, advance: Advance
) -> None:
    sale, left = await mellat_paid(client, 1), await mellat_paid(client, 2)
    await mellat(client, "bpVerifyRequest", **sale)
    await advance(20 * 60)
    assert await mellat(client, "bpReversalRequest", **sale) == "0"
    assert await mellat(client, "bpVerifyRequest", **left) == "48"


@pytest.mark.parametrize("body", [b"", b"{}", b"<a/>", b"<!DOCTYPE a [<!ENTITY e 'x'>]><a>&e;</a>"])
async def test_mellat_answers_what_is_no_call_with_a_fault(client: AsyncClient, body: bytes) -> None:
    answer = await client.post("/pgwchannel/services/pgw", content=body)
    assert answer.status_code == 500
    assert "soap:Fault" in answer.text


async def test_sadad_refuses_what_is_not_signed(client: AsyncClient) -> None:
    body = {
        "MerchantId": "000000140212149",
        "TerminalId": "24000615",
        "Amount": 50,
        "OrderId": 7,
        "LocalDateTime": "01/01/2026 12:00:00 PM",
        "ReturnUrl": BACK,
        "SignData": "Vpvou6Q70QyZQTIWX4eAtA==",
    }
    path = "/vpg/api/v0/Request/PaymentRequest"
    amended = await client.post(path, json=body | {"Amount": 49})
    signed = await client.post(path, json=body)
    again = await client.post(path, json=body)
    assert [answer.json()["ResCode"] for answer in (amended, signed, again)] == ["1025", "0", "1011"]
    verify = await client.post("/vpg/api/v0/Advice/Verify", json={"Token": "x", "SignData": "x"})
    assert verify.json()["ResCode"] == "1025"


@pytest.mark.parametrize(
    ("changes", "result"), [({"amount": 1_000}, 105), ({"callbackUrl": "x"}, 106), ({}, 100)]
)
async def test_zibal_answers_a_request_with_its_result(
    client: AsyncClient, changes: dict[str, Any], result: int
) -> None:
    body = {"merchant": "zibal", "amount": 50_000, "callbackUrl": BACK, "orderId": "7"}
    answer = await client.post("/v1/request", json=body | changes)
    assert answer.json()["result"] == result


async def test_zibal_shows_nobody_anothers_payment(client: AsyncClient) -> None:
    body = {"merchant": "zibal", "amount": 50_000, "callbackUrl": BACK, "orderId": "7"}
    track_id = (await client.post("/v1/request", json=body)).json()["trackId"]
    other = await client.post("/v1/inquiry", json={"merchant": "other", "trackId": track_id})
    assert other.json()["result"] == 203
