"""Starting a payment: one at a time for a bill, whatever happens on the way to the bank."""

import asyncio
from uuid import uuid4

import pytest

from chassis.testing.eventually import eventually


async def live_payments(shop, bill_id):
    payments = (await shop.get("/payments", bill_id=bill_id)).json()["items"]
    return [payment for payment in payments if payment["state"] in {"started", "at_bank", "unknown"}]


async def sessions_at_bank(shop, payment_id):
    return [row for row in await shop.bank.books() if row["order_id"] == payment_id]


async def test_fifty_parallel_starts_lead_to_one_payment_at_one_address(shop):
    bill = await shop.new_bill()
    answers = await asyncio.gather(
        *(shop.start(bill["id"], key=f"key-number-{number}") for number in range(50))
    )
    assert {answer.status_code for answer in answers} == {201}
    [begun] = {answer.text for answer in answers}
    [payment] = await live_payments(shop, bill["id"])
    assert payment["payment_id"] in begun
    assert len(await sessions_at_bank(shop, payment["payment_id"])) == 1


async def test_the_same_key_gets_the_same_answer_even_when_the_bill_is_paid(shop):
    bill = await shop.new_bill()
    first = await shop.start(bill["id"], key="key-number-1")
    await shop.come_back(await shop.bank.pay(first.json()["redirect_url"]))
    again = await shop.start(bill["id"], key="key-number-1")
    assert (again.status_code, again.text) == (201, first.text)


async def test_the_same_key_with_another_body_is_refused(shop):
    bill = await shop.new_bill()
    await shop.start(bill["id"], key="key-number-1")
    answer = await shop.start(bill["id"], key="key-number-1", provider="zarinpal")
    assert (answer.status_code, answer.json()["code"]) == (422, "idempotency_key_reused")


async def test_a_buyer_who_comes_again_goes_on_with_the_payment_at_the_bank(shop):
    bill = await shop.new_bill()
    assert await shop.started(bill["id"]) == await shop.started(bill["id"])


async def test_a_payment_left_at_the_bank_makes_room_when_its_session_has_ended(shop):
    bill = await shop.new_bill()
    first = await shop.started(bill["id"])
    await shop.advance(minutes=16)
    second = await shop.started(bill["id"])
    assert second["payment_id"] != first["payment_id"]
    assert await shop.state(first["payment_id"]) == "failed"


async def test_money_paid_in_a_session_that_ended_is_found_before_another_starts(shop):
    bill = await shop.new_bill()
    begun = await shop.started(bill["id"])
    await shop.bank.pay(begun["redirect_url"])
    await shop.advance(minutes=16)
    answer = await shop.start(bill["id"])
    assert (answer.status_code, answer.json()["code"]) == (409, "bill_paid")
    assert await shop.state(begun["payment_id"]) == "verified"


async def test_a_paid_a_cancelled_and_a_late_bill_are_refused_by_name(shop):
    paid, cancelled, late = [await shop.new_bill() for _ in range(3)]
    await shop.pay(paid["id"])
    await shop.hear(shop.lapsed(cancelled["order_id"]))
    await shop.advance(hours=1)
    assert (await shop.start(paid["id"])).json()["code"] == "bill_paid"
    assert (await shop.start(cancelled["id"])).json()["code"] == "bill_cancelled"
    await shop.advance(hours=47)
    answer = await shop.start(late["id"])
    assert (answer.status_code, answer.json()["code"]) == (409, "bill_past_due")


async def test_no_payment_starts_while_one_is_unknown(shop):
    bill = await shop.new_bill()
    begun = await shop.started(bill["id"])
    await shop.bank.arm(begun["redirect_url"], {"kind": "unavailable"})
    await shop.come_back(await shop.bank.pay(begun["redirect_url"]))
    assert await shop.state(begun["payment_id"]) == "unknown"
    answer = await shop.start(bill["id"])
    assert (answer.status_code, answer.json()["code"]) == (409, "payment_unknown")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"provider": "nobody"}, "provider"),
        ({"amount": -1}, "amount"),
        ({"amount": 1.5}, "amount"),
        ({"card": "6037701689095443"}, "card"),
    ],
)
async def test_wrong_fields_are_named(shop, body, field):
    bill = await shop.new_bill()
    answer = await shop.start(bill["id"], **body)
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == [field]


async def test_a_provider_that_does_not_answer_is_told_and_the_same_key_goes_on(shop):
    bill = await shop.new_bill()
    await shop.bank.arm_next({"kind": "unavailable", "operation": "request"})
    first = await shop.start(bill["id"], key="key-number-1")
    assert (first.status_code, first.json()["code"]) == (503, "provider_unavailable")
    again = await shop.start(bill["id"], key="key-number-1")
    assert again.status_code == 201
    assert len((await shop.get("/payments", bill_id=bill["id"])).json()["items"]) == 1


async def test_a_payment_the_provider_refuses_has_failed(shop):
    bill = await shop.new_bill()
    await shop.bank.arm_next({"kind": "refuse", "operation": "request", "code": -11})
    assert (await shop.start(bill["id"])).status_code == 503
    [payment] = (await shop.get("/payments", bill_id=bill["id"])).json()["items"]
    assert payment["state"] == "failed"


async def crash_between_the_transactions(shop, bill_id, key):
    """Cuts a start off while the provider has not answered; gives the payment's id."""
    await shop.bank.arm_next({"kind": "hang_done", "operation": "request"})
    starting = asyncio.create_task(shop.start(bill_id, key=key))
    await eventually(shop.bank.faults_waiting, until=lambda waiting: not waiting)
    [(payment_id,)] = await shop.rows("SELECT id FROM payments")
    starting.cancel()
    await asyncio.gather(starting, return_exceptions=True)
    assert await shop.state(str(payment_id)) == "started"
    return str(payment_id)


async def test_the_same_key_goes_on_with_a_payment_whose_process_died(shop):
    bill = await shop.new_bill()
    payment_id = await crash_between_the_transactions(shop, bill["id"], "key-number-1")
    shop.clock.advance(minutes=1)
    answer = await shop.start(bill["id"], key="key-number-1")
    assert answer.status_code == 201
    assert answer.json()["payment_id"] == payment_id


async def test_a_payment_whose_process_died_ends_by_itself(shop):
    bill = await shop.new_bill()
    payment_id = await crash_between_the_transactions(shop, bill["id"], "key-number-1")
    shop.clock.advance(minutes=3)
    await shop.run("payment.sweep")
    assert await shop.state(payment_id) == "failed"
    assert (await shop.start(bill["id"], key="key-number-1")).json()["code"] == "payment_failed"
    assert (await shop.started(bill["id"]))["payment_id"] != payment_id


async def test_who_lost_the_lease_says_nothing(shop):
    bill = await shop.new_bill()
    await shop.bank.arm_next({"kind": "slow", "operation": "request", "seconds": 1.5})
    slow = asyncio.create_task(shop.start(bill["id"]))
    await eventually(shop.bank.faults_waiting, until=lambda waiting: not waiting)
    shop.clock.advance(seconds=30)
    quick = await shop.start(bill["id"])
    assert quick.status_code == 201
    assert (await slow).json()["code"] == "payment_starting"
    [row] = await shop.rows("SELECT redirect_url FROM payments")
    assert row.redirect_url == quick.json()["redirect_url"]


async def test_a_start_needs_no_body(shop):
    bill = await shop.new_bill()
    answer = await shop.client.post(f"/api/v1/bills/{bill['id']}/payments", headers=shop.authorization())
    assert answer.status_code == 201


async def test_another_buyers_payment_is_not_there(shop):
    bill = await shop.new_bill()
    begun = await shop.started(bill["id"])
    assert (await shop.get(f"/payments/{begun['payment_id']}", uuid4())).status_code == 404
    assert (await shop.get("/payments", uuid4(), bill_id=bill["id"])).json()["items"] == []
