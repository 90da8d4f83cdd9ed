"""Nobody reaches what belongs to another person, by whichever id, on whichever route."""

import asyncio
import io
import re
from collections.abc import Awaitable, Callable, Iterator, Set
from typing import Any

import httpx
import pytest
from PIL import Image

from nobat.testing.bodies import sample
from nobat.testing.operations import Operation, operations
from nobat.testing.person import Person
from nobat.testing.visitor import API, Json, Visitor, answer

NewBuyer = Callable[..., Awaitable[Visitor]]
PublishPlan = Callable[..., Awaitable[Json]]

OF_EVERYBODY = ("/plans/", "/draws/", "/dealerships/", "/payments/callback/")
"""What is under these paths belongs to no person."""
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
REFUSED = {400, 401, 403, 404, 405, 409, 410, 415, 422, 429}
UNREAD = {400, 415, 422}
"""The answers to a body that was not taken."""
MOVES_BY_ITSELF = {"last_used_at"}
OF_A_MESSAGE_TOO = {"state", "at"}
KINDS = {
    *("order_id", "payment_id", "message_id", "session_id", "device_id"),
    *("complaint_id", "attachment_id", "change_id", "transfer_id"),
}
"""What the victim has, by the names of the ids."""
OF_WHAT_EVERYBODY_SEES = frozenset({"plan_id", "offering_id", "dealership_id"})
RECKONED_FOR_TODAY = ("/cancellation", "/delay-penalty")
"""What ends so is reckoned anew each day, and midnight may come in between."""


def ids_in(value: Any, place: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], str]]:
    """Every id in an answer, however deep, with the names that lead to it."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from ids_in(inner, (*place, name))
    elif isinstance(value, list):
        for inner in value:
            yield from ids_in(inner, place)
    elif isinstance(value, str) and UUID.fullmatch(value):
        yield place, value


def ids_of(seen: dict[str, Json], left_out: Set[str] = frozenset()) -> list[str]:
    """One for each place of each route that names an id, without those under a name that is ``left_out``."""
    found: dict[tuple[str, tuple[str, ...]], str] = {}
    for path, read in seen.items():
        for place, known_id in ids_in(read):
            if left_out.isdisjoint(place):
                found.setdefault((UUID.sub("", path), place), known_id)
    return sorted({*found.values()})


def without_moving(value: Any) -> Any:
    if isinstance(value, dict):
        moving = MOVES_BY_ITSELF | (OF_A_MESSAGE_TOO if "message_id" in value else set())
        return {name: without_moving(inner) for name, inner in value.items() if name not in moving}
    if isinstance(value, list):
        return [without_moving(inner) for inner in value]
    return value


@pytest.fixture(scope="module")
def private(document: Json) -> list[Operation]:
    """The operations on something of a person."""
    return [
        operation
        for operation in operations(document)
        if operation.parameters and not operation.path.startswith(tuple(API + path for path in OF_EVERYBODY))
    ]


async def everything_of(visitor: Visitor, document: Json) -> dict[str, Json]:
    """What the person sees of their own, by path: lists, and what the ids in them lead to."""
    seen: dict[str, Json] = {}
    getting = [one for one in operations(document) if one.method == "GET" and one.answers_json]
    reading = [one for one in getting if one.is_protected and not one.is_staffs]
    for operation in (one for one in reading if not one.parameters):
        told = await visitor.ask("GET", operation.path.removeprefix(API))
        if told.is_success:
            seen[operation.path] = told.json()
    known = ids_of(seen)
    for operation in (one for one in reading if len(one.parameters) == 1):
        for known_id in known:
            path = operation.at(**{operation.parameters[0]: known_id})
            told = await visitor.ask("GET", path.removeprefix(API))
            if told.is_success:
                seen[path] = told.json()
    return seen


@pytest.fixture(scope="module")
async def victim(new_buyer: NewBuyer, publish_plan: PublishPlan, dealership_id: str) -> Visitor:
    """Somebody with a contract that is offered to another, a complaint with a picture, and a new name that
    waits; all that is told about them has arrived."""
    victim = await new_buyer()
    plan = await publish_plan(kind="pre_sale", terms={"transfer_allowed": True})
    order_id = (await victim.order(plan, dealership_id))["order_id"]
    await victim.pay_up((await victim.bill_of(order_id))["id"])
    order = await victim.order_in_state(order_id, "contract_active")
    await victim.text_with("پرداخت پیش‌پرداخت شما به نوبت رسید")
    await victim.text_with("قرارداد شما در نوبت فعال شد", order["contract_number"])
    await victim.post(f"/orders/{order_id}/transfer", {"national_code": Person.random().national_code})
    answer(await victim.ask("PATCH", "/me", {"last_name": "رستمی"}), 200)
    form = {"section": "sales", "topic": "delay_damages", "subject": "دیرکرد", "text": "کی می‌رسد؟"}
    filed = await victim.post("/complaints", form | {"order_id": order_id})
    answer(await upload(victim, "POST", f"/complaints/{filed['complaint_id']}/attachments"), 201)
    await victim.text_with("شکایت", filed["number"])
    return victim


async def upload(visitor: Visitor, method: str, path: str) -> httpx.Response:
    """A picture in a form, as the visitor."""
    picture = io.BytesIO()
    Image.new("RGB", (60, 30), "gray").save(picture, "PNG")
    headers = {"authorization": f"Bearer {visitor.token}"}
    return await visitor.api.request(
        method, API + path, files={"file": ("photo.png", picture.getvalue(), "image/png")}, headers=headers
    )


@pytest.fixture(scope="module")
async def belongings(victim: Visitor, document: Json) -> dict[str, Json]:
    """Everything that the victim sees of their own."""
    return await everything_of(victim, document)


def own_ids(seen: dict[str, Json]) -> list[str]:
    """Those of what belongs to the person, one of each kind."""
    return ids_of(seen, OF_WHAT_EVERYBODY_SEES)


def secrets_of(person: Person, seen: dict[str, Json]) -> set[str]:
    """What no answer to somebody else may say: all ids of what is the person's, and who that is."""
    all_ids = {
        known_id
        for read in seen.values()
        for place, known_id in ids_in(read)
        if OF_WHAT_EVERYBODY_SEES.isdisjoint(place)
    }
    return {*all_ids, person.national_code[3:], person.mobile[4:], person.iban[6:]}


def takes_a_file(operation: Operation) -> bool:
    return "multipart/form-data" in operation.described.get("requestBody", {}).get("content", {})


def body_of(operation: Operation) -> Json | None:
    """One that is read without complaint, so that whose the object is decides."""
    if operation.method == "GET":
        return None
    return {} if operation.body is None else sample(operation.body, operation.document)


def attempts(visitor: Visitor, operation: Operation, ids: list[str]) -> Iterator[Awaitable[httpx.Response]]:
    """The operation on each of the ids."""
    body = body_of(operation)
    for known_id in ids:
        path = operation.at(**dict.fromkeys(operation.parameters, known_id)).removeprefix(API)
        if takes_a_file(operation):
            yield upload(visitor, operation.method, path)
        else:
            yield visitor.ask(operation.method, path, body)


@pytest.mark.timeout(900)
async def test_no_id_of_another_person_opens_anything(
    victim: Visitor, belongings: dict[str, Json], buyer: Visitor, private: list[Operation]
) -> None:
    """The attacker knows an id of each kind that the victim has."""
    ids = own_ids(belongings)
    secrets = secrets_of(victim.person, belongings)
    assert {place[-1] for seen in belongings.values() for place, _ in ids_in(seen)} >= KINDS
    assert any(takes_a_file(operation) for operation in private if not operation.is_staffs)

    for operation in private:
        answers = await asyncio.gather(*attempts(buyer, operation, ids))
        for known_id, told in zip(ids, answers, strict=True):
            assert told.status_code in REFUSED, (str(operation), known_id, told.text)
            if operation.body is not None or takes_a_file(operation):
                assert told.status_code not in UNREAD, (str(operation), told.text)
            leaked = [secret for secret in secrets if secret in told.text and secret != known_id]
            assert leaked == [], str(operation)

    lasting = {path: seen for path, seen in belongings.items() if not path.endswith(RECKONED_FOR_TODAY)}
    after = {path: await victim.get(path.removeprefix(API)) for path in lasting}
    assert without_moving(after) == without_moving(lasting)


async def test_a_refusal_does_not_tell_another_persons_id_from_nobodys(
    belongings: dict[str, Json], buyer: Visitor, private: list[Operation]
) -> None:
    ids = own_ids(belongings)
    for operation in (one for one in private if one.method == "GET"):
        nobodys = await buyer.ask("GET", operation.at().removeprefix(API))
        for told in await asyncio.gather(*attempts(buyer, operation, ids)):
            assert told.status_code == nobodys.status_code, str(operation)
            assert without_trace(told.json()) == without_trace(nobodys.json()), str(operation)


def without_trace(problem: Json) -> Json:
    return {name: value for name, value in problem.items() if name != "trace_id"}
