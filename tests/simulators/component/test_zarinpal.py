"""ZarinPal's protocol as its merchants see it, without faults."""

from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient, Response

from simulators.app import create_app
from simulators.settings import Settings

Call = Callable[..., Awaitable[Response]]
Open = Callable[..., Awaitable[str]]
Booked = Callable[[str], Awaitable[dict[str, Any]]]
Advance = Callable[[float], Awaitable[None]]

BEARER = {"Authorization": "Bearer zarinpal-refund-token"}
MERCHANT = "11111111-2222-4333-8444-555555555555"


def code_of(answer: Response) -> int:
    body = answer.json()
    assert body["data"] == [] or body["errors"] == []
    part = body["errors"] or body["data"]
    code: int = part["code"]
    return code


async def test_a_request_is_answered_with_a_sandbox_authority(call: Call) -> None:
    answer = await call(
        "request", amount=50_000, currency="IRR", description="خرید", callback_url="http://shop.test/"
    )
    body = answer.json()
    assert body["errors"] == []
    authority = body["data"].pop("authority")
    assert len(authority) == 36
    assert authority.startswith("S")
    assert body["data"] == {"code": 100, "message": "Success", "fee_type": "Merchant", "fee": 3500}


@pytest.mark.parametrize(
    ("wrong", "value"),
    [
        ("merchant_id", "short"),
        ("amount", 999),
        ("amount", "50000"),
        ("currency", "USD"),
        ("description", "x" * 501),
        ("callback_url", "javascript:alert(1)"),
    ],
)
async def test_a_wrong_field_is_refused_with_code_9_and_its_name(
    call: Call, wrong: str, value: object
) -> None:
    body = {"amount": 50_000, "description": "خرید", "callback_url": "http://shop.test/", wrong: value}
    answer = await call("request", **body)
    assert answer.status_code == 422
    assert answer.json()["data"] == []
    errors = answer.json()["errors"]
    assert errors["code"] == -9
    assert [list(v) for v in errors["validations"]] == [[wrong]]


async def test_a_body_that_is_no_json_gets_the_same_envelope(client: AsyncClient) -> None:
    answer = await client.post("/pg/v4/payment/verify.json", content=b"{")
    assert code_of(answer) == -9


async def test_the_pay_page_is_persian_and_escapes_the_description(
    client: AsyncClient, open_payment: Open
) -> None:
    authority = await open_payment(description="<script>alert(1)</script>")
    page = await client.get(f"/pg/StartPay/{authority}")
    assert page.status_code == 200
    assert '<html lang="fa" dir="rtl">' in page.text
    assert "۵۰٬۰۰۰ ریال" in page.text
    assert "<script>" not in page.text
    assert "&lt;script&gt;" in page.text


@pytest.mark.parametrize(
    ("outcome", "status", "state"),
    [("paid", "OK", "paid"), ("cancelled", "NOK", "failed"), ("failed", "NOK", "failed")],
)
async def test_the_browser_goes_back_with_authority_and_status(
    open_payment: Open, pay: Call, booked: Booked, outcome: str, status: str, state: str
) -> None:
    authority = await open_payment()
    answer = await pay(authority, outcome)
    assert answer.status_code == 303
    assert answer.headers["location"] == (
        f"http://shop.test/callback?payment=7&Authority={authority}&Status={status}"
    )
    row = await booked(authority)
    assert (row["state"], row["outcome"], row["callbacks"]) == (state, outcome, 1)


async def test_an_unknown_outcome_changes_nothing(open_payment: Open, pay: Call, booked: Booked) -> None:
    authority = await open_payment()
    assert (await pay(authority, "stolen")).status_code == 422
    assert (await booked(authority))["state"] == "in_bank"


async def test_a_payment_is_paid_once(open_payment: Open, pay: Call, booked: Booked) -> None:
    authority = await open_payment()
    await pay(authority)
    assert (await pay(authority, "failed")).status_code == 409
    assert (await booked(authority))["state"] == "paid"


async def test_an_unknown_authority_has_no_page(client: AsyncClient) -> None:
    assert (await client.get("/pg/StartPay/S" + "0" * 35)).status_code == 404


async def test_the_first_verification_is_100_and_every_later_one_101(
    call: Call, open_payment: Open, pay: Call, booked: Booked
) -> None:
    authority = await open_payment()
    await pay(authority)
    first = await call("verify", authority=authority, amount=50_000)
    second = await call("verify", authority=authority, amount=50_000)
    data = first.json()["data"]
    assert set(data) == {"code", "message", "card_hash", "card_pan", "ref_id", "fee_type", "fee"}
    assert isinstance(data["ref_id"], int)
    assert data["card_pan"][6:12] == "******"
    assert len(data["card_hash"]) == 64
    assert second.json()["data"] == data | {"code": 101, "message": "Verified"}
    row = await booked(authority)
    assert (row["state"], row["verifies"], row["ref_id"]) == ("verified", 2, data["ref_id"])


async def test_references_are_unique(call: Call, open_payment: Open, pay: Call) -> None:
    references = set()
    for _ in range(5):
        authority = await open_payment()
        await pay(authority)
        answer = await call("verify", authority=authority, amount=50_000)
        references.add(answer.json()["data"]["ref_id"])
    assert len(references) == 5


async def test_another_amount_than_paid_is_refused_with_50(call: Call, open_payment: Open, pay: Call) -> None:
    authority = await open_payment()
    await pay(authority)
    assert code_of(await call("verify", authority=authority, amount=49_999)) == -50


@pytest.mark.parametrize("outcome", [None, "cancelled", "failed"])
async def test_what_is_not_paid_is_refused_with_51(
    call: Call, open_payment: Open, pay: Call, outcome: str | None
) -> None:
    authority = await open_payment()
    if outcome:
        await pay(authority, outcome)
    assert code_of(await call("verify", authority=authority, amount=50_000)) == -51


async def test_another_merchants_authority_is_refused_with_53(call: Call, open_payment: Open) -> None:
    authority = await open_payment(merchant_id="9" * 36)
    assert code_of(await call("verify", authority=authority, amount=50_000)) == -53


async def test_an_invalid_authority_is_refused_with_54(call: Call) -> None:
    assert code_of(await call("verify", authority="S1", amount=50_000)) == -54


async def test_toman_amounts_are_kept_in_rial(
    call: Call, open_payment: Open, pay: Call, booked: Booked
) -> None:
    authority = await open_payment(amount=5_000, currency="IRT")
    await pay(authority)
    assert code_of(await call("verify", authority=authority, amount=5_000)) == 100
    assert (await booked(authority))["paid_amount"] == 50_000


async def test_a_payment_asked_to_verify_itself_answers_101(
    call: Call, open_payment: Open, pay: Call
) -> None:
    authority = await open_payment(metadata={"auto_verify": True, "order_id": "R-1"})
    await pay(authority)
    assert code_of(await call("verify", authority=authority, amount=50_000)) == 101


async def test_an_inquiry_follows_the_payment(call: Call, open_payment: Open, pay: Call) -> None:
    async def status(authority: str) -> str:
        answer = await call("inquiry", authority=authority)
        data = answer.json()["data"]
        assert data["code"] == 100
        found: str = data["status"]
        return found

    paid, failed = await open_payment(), await open_payment()
    await pay(failed, "failed")
    seen = [await status(paid)]
    await pay(paid)
    seen.append(await status(paid))
    await call("verify", authority=paid, amount=50_000)
    seen.append(await status(paid))
    await call("reverse", authority=paid)
    seen.append(await status(paid))
    assert [*seen, await status(failed)] == ["IN_BANK", "PAID", "VERIFIED", "REVERSED", "FAILED"]


async def test_unverified_lists_what_is_paid_and_not_verified(
    call: Call, open_payment: Open, pay: Call
) -> None:
    verified, waiting, _ = await open_payment(), await open_payment(), await open_payment()
    for authority in (verified, waiting):
        await pay(authority)
    await call("verify", authority=verified, amount=50_000)
    data = (await call("unVerified")).json()["data"]
    assert data["code"] == 100
    assert [(row["authority"], row["amount"]) for row in data["authorities"]] == [(waiting, 50_000)]


async def test_a_token_expires_after_its_life(
    client: AsyncClient, call: Call, open_payment: Open, pay: Call, booked: Booked, advance: Advance
) -> None:
    authority = await open_payment()
    await advance(15 * 60)
    assert (await client.get(f"/pg/StartPay/{authority}")).status_code == 410
    assert (await pay(authority)).status_code == 410
    assert code_of(await call("verify", authority=authority, amount=50_000)) == -51
    assert (await booked(authority))["state"] == "expired"


async def test_an_unverified_payment_goes_back_by_itself(
    call: Call, open_payment: Open, pay: Call, booked: Booked, advance: Advance
) -> None:
    left, verified = await open_payment(), await open_payment()
    for authority in (left, verified):
        await pay(authority)
    await call("verify", authority=verified, amount=50_000)
    await advance(30 * 60)
    assert code_of(await call("verify", authority=left, amount=50_000)) == -51
    assert (await booked(left))["state"] == "reversed"
    assert (await booked(verified))["state"] == "verified"


async def test_a_reversal_is_possible_for_half_an_hour(
    call: Call, open_payment: Open, pay: Call, booked: Booked, advance: Advance
) -> None:
    early, late = await open_payment(), await open_payment()
    for authority in (early, late):
        await pay(authority)
        await call("verify", authority=authority, amount=50_000)
    assert code_of(await call("reverse", authority=early)) == 100
    assert code_of(await call("reverse", authority=early)) == -61
    await advance(30 * 60 + 1)
    assert code_of(await call("reverse", authority=late)) == -63
    assert [(await booked(a))["state"] for a in (early, late)] == ["reversed", "verified"]


async def test_a_refund_needs_the_token(
    client: AsyncClient, call: Call, open_payment: Open, pay: Call
) -> None:
    authority = await open_payment()
    await pay(authority)
    await call("verify", authority=authority, amount=50_000)
    assert (await call("refund", authority=authority)).status_code == 401


async def test_refunds_never_exceed_what_was_paid(
    client: AsyncClient, call: Call, open_payment: Open, pay: Call, booked: Booked
) -> None:
    authority = await open_payment()

    async def refund(amount: int | None) -> int:
        body = {"merchant_id": MERCHANT, "authority": authority, "amount": amount}
        return code_of(await client.post("/pg/v4/payment/refund.json", json=body, headers=BEARER))

    assert await refund(None) == -61
    await pay(authority)
    await call("verify", authority=authority, amount=50_000)
    assert [await refund(20_000), await refund(30_001), await refund(None), await refund(None)] == [
        100,
        -50,
        100,
        -61,
    ]
    row = await booked(authority)
    assert (row["state"], row["refunded_amount"]) == ("refunded", 50_000)


async def test_only_the_registered_merchant_is_served(open_payment: Open) -> None:
    app: FastAPI = create_app(Settings(zarinpal_merchant_id=MERCHANT))
    async with httpx.AsyncClient(transport=ASGITransport(app), base_url="http://simulator") as client:
        body = {
            "merchant_id": "9" * 36,
            "amount": 50_000,
            "description": "x",
            "callback_url": "http://s.test",
        }
        assert code_of(await client.post("/pg/v4/payment/request.json", json=body)) == -10
        body["merchant_id"] = MERCHANT
        assert code_of(await client.post("/pg/v4/payment/request.json", json=body)) == 100
