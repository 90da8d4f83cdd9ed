"""What is wrong is refused with a problem document that says what and why."""

import secrets
from collections.abc import Awaitable, Callable
from uuid import uuid4

import httpx
import pytest

from chassis.testing.tokens import TestKeys
from iran import to_persian_digits
from nobat.testing.plan import order_form
from nobat.testing.visitor import API, Json, Visitor, answer

PublishPlan = Callable[..., Awaitable[Json]]
NewVisitor = Callable[[], Visitor]
NewBuyer = Callable[..., Awaitable[Visitor]]


def problem(response: httpx.Response, status: int, code: str) -> Json:
    """The document, which is what RFC 9457 and the product ask for."""
    document = answer(response, status)
    assert response.headers["content-type"] == "application/problem+json"
    assert document["status"] == status
    assert document["type"].endswith(document["code"])
    assert document["code"] == code
    assert document["detail"]
    return document


async def test_malformed_json_is_named(api: httpx.AsyncClient) -> None:
    response = await api.post(
        f"{API}/registrations", content=b'{"mobile": ', headers={"content-type": "application/json"}
    )
    problem(response, 400, "malformed_json")


async def test_every_wrong_field_is_named_at_once(new_visitor: NewVisitor) -> None:
    visitor = new_visitor()
    form = visitor.person.form(
        national_code="1234567890", mobile="12", iban="IR000000000000000000000000", nickname="x"
    )
    del form["last_name"]
    form["address"]["postal_code"] = "1"

    document = problem(await visitor.ask("POST", "/registrations", form), 422, "invalid_fields")

    wrong = {error["field"] for error in document["errors"]}
    expected = {"national_code", "mobile", "iban", "nickname", "last_name", "address.postal_code"}
    assert wrong == expected
    assert all(error["message"] for error in document["errors"])


@pytest.mark.parametrize(
    ("language", "sentence"),
    [("fa", "بعضی از خانه‌ها درست پر نشده‌اند."), ("en-GB, en;q=0.9", "Some fields are not right.")],
)
async def test_a_refusal_speaks_the_readers_language(
    language: str, sentence: str, api: httpx.AsyncClient
) -> None:
    response = await api.post(f"{API}/sessions", json={}, headers={"accept-language": language})
    assert problem(response, 422, "invalid_fields")["detail"] == sentence


async def test_persian_digits_are_accepted_wherever_digits_are(buyer: Visitor) -> None:
    credentials = {
        "national_code": to_persian_digits(buyer.person.national_code),
        "password": buyer.person.password,
    }
    answer(await buyer.ask("POST", "/sessions", credentials), 201)


async def test_ten_megabytes_are_not_read(api: httpx.AsyncClient) -> None:
    response = await api.post(
        f"{API}/registrations", content=b"x" * 10_000_000, headers={"content-type": "application/json"}
    )
    problem(response, 413, "body_too_large")


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"authorization": "Bearer nonsense"},
        {"authorization": "Basic bWFyeWFtOng="},
        TestKeys().authorization(uuid4(), ["manager"]),
    ],
    ids=["no token", "not a token", "another scheme", "signed by somebody else"],
)
async def test_without_a_token_of_ours_nobody_is_let_in(
    headers: dict[str, str], api: httpx.AsyncClient
) -> None:
    for path in ("/orders", "/sessions", "/staff/plans", f"/bills/{uuid4()}"):
        response = await api.get(API + path, headers=headers)
        problem(response, 401, "unauthenticated")
        assert response.headers["www-authenticate"] == "Bearer"


async def test_what_belongs_to_another_buyer_does_not_exist(
    contract: tuple[Visitor, Json], buyer: Visitor
) -> None:
    _, order = contract
    bill_id = order["bills"][0]["id"]

    for path in (f"/orders/{order['order_id']}", f"/bills/{bill_id}"):
        problem(await buyer.ask("GET", path), 404, "not_found")
    problem(await buyer.ask("POST", f"/bills/{bill_id}/payments", {}), 404, "not_found")


async def test_a_closed_plan_takes_no_order(
    manager: Visitor, buyer: Visitor, publish_plan: PublishPlan, dealership_id: str
) -> None:
    plan = await publish_plan()
    await manager.post(f"/staff/plans/{plan['plan_id']}/closure", expected=200)
    await manager.until_known_everywhere(plan["plan_id"], state="closed")
    refused = await buyer.ask("POST", "/orders", order_form(plan, dealership_id))
    problem(refused, 409, "plan_not_open")


async def test_the_second_buyer_of_the_last_car_is_told_that_it_is_sold(
    buyer: Visitor, new_buyer: NewBuyer, publish_plan: PublishPlan, dealership_id: str
) -> None:
    plan = await publish_plan(car={"capacity": 1})
    await buyer.order(plan, dealership_id)
    second = await new_buyer()
    await second.until_eligible(plan)

    refused = await second.ask("POST", "/orders", order_form(plan, dealership_id))

    problem(refused, 409, "sold_out")
    assert (await second.get("/orders"))["items"] == []


async def test_a_repeated_request_has_one_effect_and_the_same_answer(
    buyer: Visitor, publish_plan: PublishPlan, dealership_id: str
) -> None:
    plan = await publish_plan()
    await buyer.until_eligible(plan)
    key = str(uuid4())
    form = order_form(plan, dealership_id)
    first = await buyer.post("/orders", form, key=key)

    assert await buyer.post("/orders", form, key=key) == first
    another = {**form, "choices": [{**form["choices"][0], "colour": "مشکی"}]}
    refused = answer(await buyer.ask("POST", "/orders", another, **{"idempotency-key": key}), 422)
    assert refused["code"].startswith("idempotency")
    assert len((await buyer.get("/orders"))["items"]) == 1


async def test_a_used_code_is_of_no_use(new_visitor: NewVisitor) -> None:
    visitor = new_visitor()
    registration_id = await visitor.register()
    code = await visitor.new_code(after=0)
    await visitor.activate(registration_id, code)

    again = await visitor.ask("POST", f"/registrations/{registration_id}/activation", {"code": code})

    assert problem(again, 409, "code_used")


async def test_the_sixth_guess_is_not_judged_even_when_it_is_right(new_visitor: NewVisitor) -> None:
    visitor = new_visitor()
    registration_id = await visitor.register()
    code = await visitor.new_code(after=0)
    path = f"/registrations/{registration_id}/activation"
    wrong = f"{(int(code) + 1) % 1_000_000:06d}"

    for left in range(4, 0, -1):
        guess = await visitor.ask("POST", path, {"code": wrong})
        assert problem(guess, 422, "code_wrong")["tries_left"] == left
    await visitor.ask("POST", path, {"code": wrong})

    problem(await visitor.ask("POST", path, {"code": code}), 429, "too_many_attempts")


async def test_a_wrong_password_and_an_unknown_person_get_the_same_answer(
    buyer: Visitor, new_visitor: NewVisitor
) -> None:
    documents = []
    for person in (buyer.person, new_visitor().person):
        credentials = {"national_code": person.national_code, "password": secrets.token_hex(8)}
        document = problem(await buyer.ask("POST", "/sessions", credentials), 401, "wrong_credentials")
        document.pop("trace_id")
        documents.append(document)
    assert documents[0] == documents[1]


async def test_a_forged_callback_pays_nothing(
    buyer: Visitor, api: httpx.AsyncClient, open_plan: Json, dealership_id: str
) -> None:
    placed = await buyer.order(open_plan, dealership_id)
    bill = await buyer.bill_of(placed["order_id"])
    started = await buyer.start_payment(bill["id"])
    authority = started["redirect_url"].rsplit("/", 1)[1]
    callback = f"{API}/payments/callback/zarinpal"

    forged = await api.get(callback, params={"Authority": authority, "Status": "OK"})
    unknown = await api.get(callback, params={"Authority": "A" * 36, "Status": "OK"})

    assert forged.status_code == 303
    problem(unknown, 404, "not_found")
    payment = await buyer.get(f"/payments/{started['payment_id']}")
    assert payment["state"] == "at_bank"
    assert (await buyer.get(f"/bills/{bill['id']}"))["paid"] == 0


@pytest.mark.parametrize(
    "pretence",
    [
        {"x-user-id": "{subject}", "x-roles": "manager"},
        {"x-client-address": "127.0.0.1", "x-forwarded-for": "127.0.0.1"},
        {"x-original-url": "/api/v1/staff/plans", "x-http-method-override": "DELETE"},
        {"forwarded": "for=127.0.0.1;by=gateway"},
    ],
)
async def test_a_header_that_pretends_to_be_the_gateway_opens_nothing(
    pretence: dict[str, str], buyer: Visitor, api: httpx.AsyncClient
) -> None:
    problem(await api.get(f"{API}/staff/plans", headers=pretence), 401, "unauthenticated")
    problem(await buyer.ask("GET", "/staff/plans", **pretence), 403, "forbidden")


@pytest.mark.parametrize("path", ["/metrics", "/readyz", "/openapi.json", "/api/v1/../metrics"])
async def test_the_services_inner_pages_are_not_public(path: str, api: httpx.AsyncClient) -> None:
    problem(await api.get(path), 404, "not_found")
