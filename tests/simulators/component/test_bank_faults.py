"""What the bank does wrong when it is told to, and what its books then say."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from httpx import AsyncClient, Response

from chassis.testing.eventually import eventually

Call = Callable[..., Awaitable[Response]]
Open = Callable[..., Awaitable[str]]
Arm = Callable[..., Awaitable[None]]
Booked = Callable[[str], Awaitable[dict[str, Any]]]


async def test_a_lost_callback_leaves_the_browser_at_the_bank(
    open_payment: Open, pay: Call, arm: Arm, booked: Booked
) -> None:
    authority = await open_payment()
    await arm(authority, "lose_callback")
    answer = await pay(authority)
    assert (answer.status_code, answer.headers.get("location")) == (200, None)
    row = await booked(authority)
    assert (row["state"], row["callbacks"], row["faults"]) == ("paid", 0, ["lose_callback"])


async def test_a_duplicate_callback_is_also_called_by_the_bank(
    open_payment: Open, pay: Call, arm: Arm, booked: Booked, visits: list[str]
) -> None:
    authority = await open_payment()
    await arm(authority, "duplicate_callback", copies=2)
    answer = await pay(authority)
    assert visits == [answer.headers["location"]] * 2
    assert (await booked(authority))["callbacks"] == 3


@pytest.mark.parametrize(("amount", "paid"), [(None, 45_000), (1_000, 1_000)])
async def test_another_amount_paid_makes_verify_answer_50(
    call: Call, open_payment: Open, pay: Call, arm: Arm, booked: Booked, amount: int | None, paid: int
) -> None:
    authority = await open_payment()
    await arm(authority, "other_amount", amount=amount)
    await pay(authority)
    answer = await call("verify", authority=authority, amount=50_000)
    assert answer.json()["errors"]["code"] == -50
    row = await booked(authority)
    assert (row["state"], row["amount"], row["paid_amount"]) == ("paid", 50_000, paid)


async def test_an_expiring_token_is_gone_when_the_buyer_comes(
    open_payment: Open, pay: Call, arm: Arm, booked: Booked
) -> None:
    authority = await open_payment()
    await arm(authority, "expire_token")
    assert (await pay(authority)).status_code == 410
    assert (await booked(authority))["state"] == "expired"


async def test_an_auto_reversed_payment_comes_back_as_ok_and_is_not_paid(
    call: Call, open_payment: Open, pay: Call, arm: Arm, booked: Booked
) -> None:
    authority = await open_payment()
    await arm(authority, "auto_reverse")
    answer = await pay(authority)
    assert answer.headers["location"].endswith("Status=OK")
    verified = await call("verify", authority=authority, amount=50_000)
    assert verified.json()["errors"]["code"] == -51
    assert (await booked(authority))["state"] == "reversed"


async def test_a_reused_reference_is_another_payments(
    call: Call, open_payment: Open, pay: Call, arm: Arm, booked: Booked
) -> None:
    first, second = await open_payment(), await open_payment()
    for authority in (first, second):
        await pay(authority)
    await arm(second, "reuse_reference")
    answer = await call("verify", authority=second, amount=50_000)
    first_row, second_row = await booked(first), await booked(second)
    assert answer.json()["data"]["ref_id"] == first_row["ref_id"] == second_row["answered_ref_id"]
    assert second_row["ref_id"] != first_row["ref_id"]


async def test_verify_answers_503_as_often_as_told_and_then_works(
    call: Call, open_payment: Open, pay: Call, arm: Arm, booked: Booked
) -> None:
    authority = await open_payment()
    await pay(authority)
    await arm(authority, "unavailable", times=2)
    answers = [await call("verify", authority=authority, amount=50_000) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [503, 503, 200]
    assert answers[2].json()["data"]["code"] == 100
    assert (await booked(authority))["verifies"] == 3


async def test_a_fault_without_a_number_strikes_until_it_is_cleared(
    client: AsyncClient, call: Call, open_payment: Open, pay: Call, arm: Arm
) -> None:
    authority = await open_payment()
    await pay(authority)
    await arm(authority, "unavailable", times=None)
    answers = [await call("verify", authority=authority, amount=50_000) for _ in range(3)]
    assert {answer.status_code for answer in answers} == {503}
    await client.delete("/bank/faults")
    assert (await call("verify", authority=authority, amount=50_000)).status_code == 200


@pytest.mark.parametrize(
    ("kind", "state", "code"), [("hang_done", "verified", 101), ("hang_lost", "paid", 100)]
)
async def test_a_hanging_verify_is_done_or_not_done_at_the_bank(
    call: Call, open_payment: Open, pay: Call, arm: Arm, booked: Booked, kind: str, state: str, code: int
) -> None:
    authority = await open_payment()
    await pay(authority)
    await arm(authority, kind, seconds=0)
    assert (await call("verify", authority=authority, amount=50_000)).status_code == 504
    assert (await booked(authority))["state"] == state
    again = await call("verify", authority=authority, amount=50_000)
    assert again.json()["data"]["code"] == code


async def test_a_verify_may_be_done_at_once_and_answered_later(
    call: Call, open_payment: Open, pay: Call, arm: Arm, booked: Booked
) -> None:
    authority = await open_payment()
    await pay(authority)
    await arm(authority, "slow_done", seconds=1)
    verifying = asyncio.ensure_future(call("verify", authority=authority, amount=50_000))
    await eventually(lambda: booked(authority), until=lambda row: row["state"] == "verified")
    assert (await verifying).json()["data"]["code"] == 100


async def test_a_slow_verify_is_done_after_its_delay(
    call: Call,
    open_payment: Open,
    pay: Call,
    arm: Arm,
    booked: Booked,
    until: Callable[..., Awaitable[None]],
) -> None:
    async def struck() -> bool:
        return bool((await booked(authority))["faults"])

    authority = await open_payment()
    await pay(authority)
    await arm(authority, "slow", seconds=600)
    slow = asyncio.ensure_future(call("verify", authority=authority, amount=50_000))
    await until(struck)
    assert (await booked(authority))["state"] == "paid"
    slow.cancel()
    await arm(authority, "slow", seconds=0.01)
    assert (await call("verify", authority=authority, amount=50_000)).json()["data"]["code"] == 100


@pytest.mark.parametrize("operation", ["verify", "inquiry", "reverse"])
async def test_any_operation_can_be_refused_with_a_code(
    call: Call, open_payment: Open, pay: Call, arm: Arm, operation: str
) -> None:
    authority = await open_payment()
    await pay(authority)
    await arm(authority, "refuse", operation=operation, code=-62)
    answer = await call(operation, authority=authority, amount=50_000)
    assert answer.json()["errors"]["code"] == -62
    assert (await call(operation, authority=authority, amount=50_000)).json()["errors"] == []


async def test_a_refusal_without_a_code_is_no_fault(client: AsyncClient, open_payment: Open) -> None:
    authority = await open_payment()
    answer = await client.put(f"/bank/faults/payments/{authority}", json=[{"kind": "refuse"}])
    assert answer.status_code == 422


@pytest.mark.parametrize(("kind", "rows"), [("unavailable", 0), ("hang_lost", 0), ("hang_done", 1)])
async def test_the_next_request_can_fail_and_the_one_after_works(
    client: AsyncClient, call: Call, open_payment: Open, kind: str, rows: int
) -> None:
    fault = {"kind": kind, "operation": "request", "seconds": 0}
    await client.post("/bank/faults/next", json={"count": 1, "faults": [fault]})
    body = {"amount": 50_000, "description": "x", "callback_url": "http://shop.test/"}
    assert (await call("request", **body)).status_code in {503, 504}
    assert len((await client.get("/bank/books")).json()["payments"]) == rows
    await open_payment()


async def test_faults_for_the_next_payments_reach_only_those(
    client: AsyncClient, open_payment: Open, pay: Call
) -> None:
    await client.post("/bank/faults/next", json={"count": 2, "faults": [{"kind": "lose_callback"}]})
    authorities = [await open_payment() for _ in range(3)]
    assert [(await pay(authority)).status_code for authority in authorities] == [200, 200, 303]


async def test_a_run_with_the_same_seed_does_the_same(
    client: AsyncClient, open_payment: Open, pay: Call
) -> None:
    async def run() -> list[int]:
        chances = [{"probability": 0.5, "fault": {"kind": "lose_callback"}}]
        await client.put("/bank/faults/run", json={"seed": 7, "chances": chances})
        return [(await pay(await open_payment())).status_code for _ in range(20)]

    first = await run()
    assert set(first) == {200, 303}
    assert await run() == first


async def test_what_waits_is_shown_and_forgotten(client: AsyncClient) -> None:
    await client.post("/bank/faults/next", json={"count": 3, "faults": [{"kind": "auto_reverse"}]})
    shown = (await client.get("/bank/faults")).json()
    assert [faults[0]["kind"] for faults in shown["waiting"]] == ["auto_reverse"] * 3
    assert (await client.delete("/bank/faults")).status_code == 204
    assert (await client.get("/bank/faults")).json() == {"waiting": [], "seed": None, "chances": []}


async def test_an_unknown_payment_takes_no_faults(client: AsyncClient) -> None:
    answer = await client.put("/bank/faults/payments/S1", json=[{"kind": "lose_callback"}])
    assert answer.status_code == 404
