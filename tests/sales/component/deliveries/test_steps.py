"""A car on its way, reported by hand: each step in its turn, told to the buyer, audited."""

from datetime import timedelta
from uuid import uuid4

import pytest

STEPS = "/api/v1/staff/deliveries/steps"
WAY = ["allocated", "invoiced", "plated", "sent_to_dealer", "ready", "delivered"]


async def test_a_car_goes_its_way_step_by_step(yard):
    [one] = await yard.settled()
    for step in WAY:
        taken = await yard.step(one, step)
        assert (taken.status_code, taken.json()["state"]) == (201, step), taken.text
        if step == "ready":
            assert (await yard.see(one)).json()["next_step"]["action"] == "collect_car"
        [event] = await yard.office.published(f"sales.car_{step}.v1")
        assert (event["order_id"], event["contract_number"]) == (str(one.order_id), one.number)
    order = (await yard.see(one)).json()
    assert [entry["state"] for entry in order["timeline"]] == ["settled", *WAY]
    car = (await yard.see(one, "/car")).json()
    assert (car["vin"], car["invoice_number"]) == (yard.vin(1), "F-1")
    assert {car[f"{step}_on"] for step in WAY} == {yard.today.isoformat()}
    again = await yard.step(one, "delivered")
    assert (again.status_code, again.json()["code"]) == (409, "step_already_taken")


@pytest.mark.parametrize(
    ("step", "changes", "code"),
    [
        ("ready", {}, "wrong_step"),
        ("allocated", {"vin": None}, "detail_missing"),
        ("allocated", {"contract_number": "200000000007"}, "unknown_contract"),
        ("allocated", {"on": "2199-01-01"}, "day_in_future"),
        ("allocated", {"vin": "NAAA"}, "invalid_fields"),
        ("allocated", {"contract_number": "200000000008"}, "invalid_fields"),
    ],
)
async def test_a_step_out_of_turn_or_without_what_it_needs_is_refused(yard, step, changes, code):
    [one] = await yard.settled()
    refused = await yard.step(one, step, **changes)
    assert refused.json()["code"] == code, refused.text
    assert (await yard.see(one)).json()["state"] == "settled"


async def test_the_detail_that_a_step_lacks_is_named_as_a_field(yard):
    [one] = await yard.settled()
    refused = (await yard.step(one, "allocated", vin=None)).json()
    assert [(error["field"], error["code"]) for error in refused["errors"]] == [("vin", "detail_missing")]


@pytest.mark.parametrize("state", ["cancelled", "voided"])
async def test_no_car_is_given_to_an_order_that_is_over(yard, state):
    [one] = await yard.settled(state=state)
    assert (await yard.step(one, "allocated")).json()["code"] == "order_is_over"


async def test_one_car_is_given_to_one_contract_until_its_order_is_over(yard):
    first, second = await yard.settled(2)
    assert (await yard.step(first, "allocated")).status_code == 201
    assert (await yard.step(second, "allocated")).json()["code"] == "vin_taken"
    await yard.end(first)
    assert (await yard.step(second, "allocated")).status_code == 201
    assert (await yard.see(first, "/car")).status_code == 404


async def test_a_step_is_not_earlier_than_the_one_before(yard):
    [one] = await yard.settled()
    await yard.step(one, "allocated")
    yesterday = (yard.today - timedelta(days=1)).isoformat()
    refused = await yard.step(one, "invoiced", on=yesterday)
    assert refused.json()["code"] == "day_before_last_step"


async def test_who_took_a_step_is_in_the_trail_and_a_repeated_request_takes_it_once(yard):
    [one] = await yard.settled()
    headers = yard.office.keys.authorization(uuid4(), ["operator"]) | {"Idempotency-Key": str(uuid4())}
    body = {"contract_number": one.number, "step": "تخصیص", "vin": yard.vin(1), "on": "۱۴۰۴/۰۱/۰۱"}
    answers = [await yard.office.client.post(STEPS, json=body, headers=headers) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201]
    auditor = yard.office.keys.authorization(uuid4(), ["auditor"])
    trail = await yard.office.client.get(
        "/api/v1/staff/audit/sales", params={"subject": str(one.customer_id)}, headers=auditor
    )
    [entry] = trail.json()["items"]
    assert (entry["action"], entry["roles"]) == ("sales.delivery.allocated", ["operator"])


async def test_another_buyers_car_is_not_shown(yard):
    first, second = await yard.settled(2)
    await yard.step(first, "allocated")
    second.order_id = first.order_id
    assert (await yard.see(second, "/car")).status_code == 404
    assert (await yard.see(second, "/delay-penalty")).status_code == 404
