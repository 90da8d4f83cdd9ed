"""From nobody to the owner of a contract, over nothing but HTTP."""

from collections.abc import Awaitable, Callable
from datetime import datetime

import httpx
import pytest

from chassis.testing.eventually import eventually
from iran import BillPair, Province, to_persian_digits
from nobat.testing.person import Person
from nobat.testing.plan import order_form
from nobat.testing.visitor import Json, Visitor, answer


async def test_a_person_registers_activates_and_logs_in(
    api: httpx.AsyncClient, simulators: httpx.AsyncClient
) -> None:
    person = Person.random()
    visitor = Visitor(api, simulators, person)

    registration_id = await visitor.register(
        national_code=to_persian_digits(person.national_code),
        mobile=to_persian_digits(f"+98{person.mobile[1:]}"),
        birth_date=to_persian_digits("1990-05-12"),
    )
    code = await visitor.new_code(after=0)
    await visitor.activate(registration_id, to_persian_digits(code))
    assert "مریم" in await visitor.text_with("حساب شما در نوبت فعال شد")

    await visitor.log_in()
    sessions = await visitor.get("/sessions")
    assert [session["current"] for session in sessions["items"]] == [True]


async def test_a_session_is_refreshed_and_ended(buyer: Visitor) -> None:
    first = buyer.refresh_token
    buyer.keep(await buyer.post("/sessions/refresh", {"refresh_token": first}))
    await buyer.get("/sessions")

    answer(await buyer.ask("DELETE", "/sessions/current"), 204)

    ended = await buyer.post("/sessions/refresh", {"refresh_token": buyer.refresh_token}, 401)
    assert ended["code"] == "session_ended"


async def test_the_plans_are_listed_and_opened_without_login(
    api: httpx.AsyncClient, publish_plan: Callable[..., Awaitable[Json]]
) -> None:
    published = await publish_plan()

    listed = answer(await api.get("/api/v1/plans"), 200)["items"]
    assert published["plan_id"] in [plan["plan_id"] for plan in listed]

    plan = answer(await api.get(f"/api/v1/plans/{published['plan_id']}"), 200)

    assert (plan["state"], plan["sold_out"]) == ("open", False)
    assert plan["offerings"][0]["available"] == 100


async def test_a_person_sees_why_they_are_eligible_and_later_why_not(
    buyer: Visitor, open_plan: Json, dealership_id: str
) -> None:
    before = await buyer.until_eligible(open_plan)
    assert before["eligible"]
    assert {check["rule"] for check in before["checks"]} >= {"minimum_age", "mobile_verified"}

    await buyer.order(open_plan, dealership_id)

    after = await buyer.get(f"/plans/{open_plan['plan_id']}/eligibility")
    refused = [check for check in after["checks"] if not check["passed"]]
    assert [check["rule"] for check in refused] == ["one_order_per_plan"]
    assert refused[0]["reason"] == "هر نفر در هر طرح تنها یک سفارش دارد."


async def test_a_minor_is_told_the_rule_that_refuses_them(
    new_buyer: Callable[..., Awaitable[Visitor]], open_plan: Json, dealership_id: str
) -> None:
    child = await new_buyer(birth_date="2015-01-01")
    await child.until_eligible(open_plan)

    refused = await child.post("/orders", order_form(open_plan, dealership_id), 403)

    assert (refused["code"], refused["rule"]) == ("not_eligible", "minimum_age")


async def test_an_order_is_billed_paid_and_becomes_a_contract(
    buyer: Visitor, open_plan: Json, dealership_id: str
) -> None:
    placed = await buyer.order(open_plan, dealership_id)
    assert placed["state"] == "awaiting_payment"
    assert datetime.fromisoformat(placed["pay_before"]).tzinfo is not None
    await buyer.text_with("درخواست شما در نوبت ثبت شد", placed["request_number"])

    bill = await buyer.bill_of(placed["order_id"])
    pair = BillPair.parse(bill["bank_bill_id"], bill["bank_payment_id"])
    assert pair.amount == bill["amount"] == open_plan["offerings"][0]["prepayment"]
    await buyer.text_with("شناسه قبض", bill["bank_bill_id"])

    started = await buyer.start_payment(bill["id"])
    back = await buyer.at_the_bank(started["redirect_url"])
    assert back.status_code == 303
    assert started["payment_id"] in back.headers["location"]
    payment = await buyer.get(f"/payments/{started['payment_id']}")
    assert payment["state"] == "verified"

    order = await buyer.order_in_state(placed["order_id"], "contract_active")
    assert [entry["state"] for entry in order["timeline"]] == ["awaiting_payment", "paid", "contract_active"]
    assert order["next_step"]["action"] == "wait_for_delivery"
    assert order["bills"][0]["state"] == "paid"
    assert order["partial"] == []
    await buyer.text_with("پرداخت", "رسید", payment["reference"])
    await buyer.text_with("قرارداد شما در نوبت فعال شد", order["contract_number"])


async def test_an_order_is_followed_without_login_by_either_number(
    contract: tuple[Visitor, Json],
) -> None:
    buyer, order = contract
    passer_by = Visitor(buyer.api, buyer.simulators, Person.random())

    for number in (order["request_number"], to_persian_digits(order["contract_number"])):
        found = await passer_by.post(
            "/tracking", {"number": number, "national_code": buyer.person.national_code}, 200
        )
        assert found["state"] == "contract_active"
        assert found["contract_number"] == order["contract_number"]
        assert len(found["timeline"]) == 3


async def test_tracking_answers_every_miss_alike(contract: tuple[Visitor, Json]) -> None:
    buyer, order = contract
    stranger = Person.random().national_code
    misses = [
        {"number": order["request_number"], "national_code": stranger},
        {"number": "100000000000", "national_code": buyer.person.national_code},
        {"number": "nothing", "national_code": stranger},
    ]
    answers = [await buyer.post("/tracking", miss, 404) for miss in misses]
    for document in answers:
        document.pop("trace_id")
    assert answers[0] == answers[1] == answers[2]


async def test_the_messages_about_an_order_are_part_of_it(contract: tuple[Visitor, Json]) -> None:
    buyer, order = contract

    async def told() -> set[str]:
        page = await buyer.get(f"/orders/{order['order_id']}")
        return {message["template"] for message in page["messages"]}

    milestones = {"order_placed", "bill_issued", "bill_paid", "contract_activated"}
    assert await eventually(told, milestones.issubset) == milestones


async def test_a_dealership_of_another_province_is_refused(
    buyer: Visitor, open_plan: Json, api: httpx.AsyncClient
) -> None:
    found = answer(await api.get("/api/v1/dealerships", params={"province": Province.YAZD.value}), 200)
    await buyer.until_eligible(open_plan)

    elsewhere = order_form(open_plan, found["items"][0]["dealership_id"])
    refused = await buyer.post("/orders", elsewhere, 403)

    assert refused["rule"] == "dealership_in_province"


@pytest.mark.parametrize("outcome", ["cancelled", "failed"])
async def test_a_payment_given_up_at_the_bank_can_be_made_again(
    outcome: str, buyer: Visitor, open_plan: Json, dealership_id: str
) -> None:
    placed = await buyer.order(open_plan, dealership_id)
    bill = await buyer.bill_of(placed["order_id"])
    given_up = await buyer.start_payment(bill["id"])
    await buyer.at_the_bank(given_up["redirect_url"], outcome)
    assert (await buyer.get(f"/payments/{given_up['payment_id']}"))["state"] == "failed"

    again = await buyer.start_payment(bill["id"])
    await buyer.at_the_bank(again["redirect_url"])

    await buyer.order_in_state(placed["order_id"], "contract_active")
