"""Placing first-come orders over HTTP, with a real database."""

import asyncio
from collections import Counter
from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

from iran import Province, to_persian_digits
from iran.samples import national_code


async def test_an_order_holds_a_car_and_gets_a_request_number_and_a_deadline(office):
    plan = await office.open_plan()
    [buyer] = await office.customers(1)
    answer = await office.order(buyer, plan, key="order-0001")
    assert answer.status_code == 201
    placed = answer.json()
    assert placed["state"] == "awaiting_payment"
    assert len(placed["request_number"]) == 12
    assert datetime.fromisoformat(placed["pay_before"]) == office.clock() + timedelta(hours=48)
    assert await office.sold(plan) == 1
    [event] = await office.published("sales.order_placed.v1")
    assert event["order_id"] == placed["order_id"]
    assert event["amount"] == 900_000_000


async def test_a_repeated_request_gets_the_same_answer_and_has_one_effect(office):
    plan = await office.open_plan(capacity=1)
    [buyer] = await office.customers(1)
    answers = await asyncio.gather(*(office.order(buyer, plan, key="order-0001") for _ in range(50)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.text for answer in answers}) == 1
    assert await office.sold(plan) == 1
    assert len(await office.published("sales.order_placed.v1")) == 1


async def test_a_repeated_request_is_answered_after_the_plan_has_closed(office):
    plan = await office.open_plan()
    [buyer] = await office.customers(1)
    first = await office.order(buyer, plan, key="order-0001")
    office.clock.advance(days=3)
    again = await office.order(buyer, plan, key="order-0001")
    assert (again.status_code, again.json()) == (201, first.json())


async def test_the_same_key_with_another_request_is_refused(office):
    plan = await office.open_plan()
    [buyer] = await office.customers(1)
    await office.order(buyer, plan, key="order-0001")
    offering = plan["offerings"][0]["offering_id"]
    answer = await office.order(
        buyer, plan, key="order-0001", choices=[{"offering_id": offering, "colour": "سفید"}]
    )
    assert (answer.status_code, answer.json()["code"]) == (422, "idempotency_key_reused")


async def test_fifty_concurrent_orders_of_one_person_make_one_order(office):
    plan = await office.open_plan()
    [buyer] = await office.customers(1)
    answers = await asyncio.gather(*(office.order(buyer, plan) for _ in range(50)))
    assert Counter(answer.status_code for answer in answers) == {201: 1, 409: 49}
    assert {answer.json()["code"] for answer in answers if answer.status_code == 409} == {
        "one_order_per_plan"
    }
    assert await office.sold(plan) == 1


async def test_no_more_orders_are_taken_than_there_are_cars(office):
    plan = await office.open_plan(capacity=7)
    buyers = await office.customers(60)
    answers = await asyncio.gather(*(office.order(buyer, plan) for buyer in buyers))
    assert Counter(answer.status_code for answer in answers) == {201: 7, 409: 53}
    assert {answer.json()["code"] for answer in answers if answer.status_code == 409} == {"sold_out"}
    assert await office.sold(plan) == len(await office.orders_of(plan)) == 7


async def test_a_car_that_a_duplicate_did_not_take_goes_to_the_next_in_line(office):
    plan = await office.open_plan(capacity=3)
    first, second, third = await office.customers(3)
    answers = await asyncio.gather(
        *(office.order(buyer, plan) for buyer in (first, first, first, second, third))
    )
    assert Counter(answer.status_code for answer in answers) == {201: 3, 409: 2}
    assert {order.customer_id for order in await office.orders_of(plan)} == {first, second, third}


async def test_a_minor_is_refused_by_the_age_rule(office):
    plan = await office.open_plan()
    [minor] = await office.customers(1, birth_date=office.clock().date() - timedelta(days=17 * 365))
    answer = await office.order(minor, plan)
    assert answer.status_code == 403
    assert (answer.json()["code"], answer.json()["rule"]) == ("not_eligible", "minimum_age")


async def test_a_dealership_of_another_province_is_refused(office):
    plan = await office.open_plan()
    [buyer] = await office.customers(1, province=Province.FARS.value)
    answer = await office.order(buyer, plan)
    assert (answer.status_code, answer.json()["rule"]) == (403, "dealership_in_province")


async def test_an_account_that_sales_has_not_heard_of_is_told_to_wait(office):
    plan = await office.open_plan()
    answer = await office.order(uuid4(), plan)
    assert (answer.status_code, answer.json()["rule"]) == (403, "account_known")


async def test_a_plan_takes_orders_only_between_its_times(office):
    now = office.clock()
    plan = await office.open_plan(opens_at=(now + timedelta(hours=1)).isoformat())
    first, second = await office.customers(2)
    before = await office.order(first, plan)
    office.clock.advance(hours=1)
    during = await office.order(first, plan)
    office.clock.set(now + timedelta(days=2))
    after = await office.order(second, plan)
    assert [answer.status_code for answer in (before, during, after)] == [409, 201, 409]
    assert before.json()["code"] == after.json()["code"] == "plan_not_open"


async def test_what_the_plan_does_not_offer_is_refused_by_name(office):
    plan = await office.open_plan()
    [buyer] = await office.customers(1)
    offering = plan["offerings"][0]["offering_id"]
    wrong: dict[str, dict[str, Any]] = {
        "unknown_offering": {"choices": [{"offering_id": str(uuid4())}]},
        "unknown_colour": {"choices": [{"offering_id": offering, "colour": "صورتی"}]},
        "unknown_dealership": {"dealership_id": str(uuid4())},
        "not_found": {"plan_id": str(uuid4())},
    }
    for code, change in wrong.items():
        assert (await office.order(buyer, plan, **change)).json()["code"] == code


async def test_bad_bodies_name_every_wrong_field(office):
    [buyer] = await office.customers(1)
    body = {"plan_id": "x", "choices": [], "surprise": 1}
    answer = await office.client.post("/api/v1/orders", json=body, headers=office.buyer(buyer))
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert {error["field"] for error in answer.json()["errors"]} == {
        "plan_id",
        "choices",
        "dealership_id",
        "surprise",
    }


async def test_malformed_json_and_missing_tokens_are_told_apart(office):
    [buyer] = await office.customers(1)
    headers = office.buyer(buyer) | {"Content-Type": "application/json"}
    malformed = await office.client.post("/api/v1/orders", content=b"{", headers=headers)
    anonymous = await office.client.post("/api/v1/orders", json={})
    assert (malformed.status_code, anonymous.status_code) == (400, 401)


async def test_a_body_of_another_type_and_a_bad_key_are_told_by_name(office):
    [buyer] = await office.customers(1)
    form = await office.client.post("/api/v1/orders", data={"plan_id": "1"}, headers=office.buyer(buyer))
    plan = await office.open_plan()
    keyed = await office.order(buyer, plan, key="short")
    assert (form.status_code, keyed.status_code) == (415, 422)
    assert [error["field"] for error in keyed.json()["errors"]] == ["Idempotency-Key"]


async def test_the_buyer_sees_their_orders_and_nobody_else_does(office):
    plan = await office.open_plan()
    owner, stranger = await office.customers(2)
    order_id = (await office.order(owner, plan)).json()["order_id"]
    mine = await office.client.get(f"/api/v1/orders/{order_id}", headers=office.buyer(owner))
    theirs = await office.client.get(f"/api/v1/orders/{order_id}", headers=office.buyer(stranger))
    listed = await office.client.get("/api/v1/orders", headers=office.buyer(owner))
    assert mine.json()["next_step"]["action"] == "pay"
    assert [entry["state"] for entry in mine.json()["timeline"]] == ["awaiting_payment"]
    assert theirs.status_code == 404
    assert [item["order_id"] for item in listed.json()["items"]] == [order_id]


async def test_an_order_is_followed_by_number_and_national_code_in_any_digits(office):
    plan = await office.open_plan()
    [buyer] = await office.customers(1)
    number = (await office.order(buyer, plan)).json()["request_number"]
    body = {"number": to_persian_digits(number), "national_code": to_persian_digits(str(national_code(0)))}
    answer = await office.client.post("/api/v1/tracking", json=body)
    assert answer.status_code == 200
    assert answer.json()["request_number"] == number


async def test_every_miss_of_tracking_gets_the_same_answer(office):
    plan = await office.open_plan()
    [buyer] = await office.customers(1)
    number = (await office.order(buyer, plan)).json()["request_number"]
    misses = [
        {"number": number, "national_code": str(national_code(5))},
        {"number": "100000000000", "national_code": str(national_code(0))},
        {"number": "junk", "national_code": str(national_code(0))},
    ]
    answers = [await office.client.post("/api/v1/tracking", json=body) for body in misses]
    assert {answer.status_code for answer in answers} == {404}
    bodies = [answer.json() for answer in answers]
    assert len({body["detail"] for body in bodies}) == len({frozenset(body) for body in bodies}) == 1


async def test_eligibility_names_each_rule_and_why(office):
    plan = await office.open_plan()
    [minor] = await office.customers(1, birth_date=date(2020, 1, 1), mobile_verified=False)
    path = f"/api/v1/plans/{plan['plan_id']}/eligibility"
    answer = await office.client.get(path, headers=office.buyer(minor) | {"Accept-Language": "en"})
    assert answer.json()["eligible"] is False
    failed = {check["rule"]: check["reason"] for check in answer.json()["checks"] if not check["passed"]}
    assert failed == {
        "minimum_age": "You are younger than this plan's minimum age.",
        "mobile_verified": "Your mobile is not verified.",
    }
