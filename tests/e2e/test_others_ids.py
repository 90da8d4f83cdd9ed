"""Nobody reaches what belongs to another person, by whichever id, on whichever route."""

import re
from collections.abc import Awaitable, Callable, Iterator, Set
from itertools import product
from typing import Any

import pytest

from nobat.testing.bodies import sample
from nobat.testing.operations import Operation, operations
from nobat.testing.person import Person
from nobat.testing.visitor import API, Json, Visitor

NewBuyer = Callable[..., Awaitable[Visitor]]

OF_EVERYBODY = ("/plans/", "/draws/", "/dealerships/", "/payments/callback/")
"""What is under these paths belongs to no person."""
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
REFUSED = {400, 401, 403, 404, 405, 409, 410, 415, 422, 429}
UNREAD = {400, 422}
"""The answers to a body that was not taken."""
MOVES_BY_ITSELF = {"last_used_at"}
OF_A_MESSAGE_TOO = {"state", "at"}
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
    for path, answer in seen.items():
        for place, known_id in ids_in(answer):
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
    told = [one for one in operations(document) if one.method == "GET" and one.answers_json]
    reading = [one for one in told if one.is_protected and not one.is_staffs]
    for operation in (one for one in reading if not one.parameters):
        answer = await visitor.ask("GET", operation.path.removeprefix(API))
        if answer.is_success:
            seen[operation.path] = answer.json()
    known = ids_of(seen)
    for operation in (one for one in reading if len(one.parameters) == 1):
        for known_id in known:
            path = operation.at(**{operation.parameters[0]: known_id})
            answer = await visitor.ask("GET", path.removeprefix(API))
            if answer.is_success:
                seen[path] = answer.json()
    return seen


@pytest.fixture(scope="module")
async def belongings(contract: tuple[Visitor, Json], document: Json) -> dict[str, Json]:
    """Everything of somebody who has an order, bills, a payment, messages, sessions."""
    return await everything_of(contract[0], document)


def own_ids(seen: dict[str, Json]) -> list[str]:
    """Those of what belongs to the person, one of each kind."""
    return ids_of(seen, OF_WHAT_EVERYBODY_SEES)


def secrets_of(person: Person, seen: dict[str, Json]) -> set[str]:
    """What no answer to somebody else may say: all ids of what is the person's, and who that is."""
    all_ids = {
        known_id
        for answer in seen.values()
        for place, known_id in ids_in(answer)
        if OF_WHAT_EVERYBODY_SEES.isdisjoint(place)
    }
    return {*all_ids, person.national_code[3:], person.mobile[4:], person.iban[6:]}


def body_of(operation: Operation) -> Json | None:
    """One that is read without complaint, so that whose the object is decides."""
    if operation.method == "GET":
        return None
    return {} if operation.body is None else sample(operation.body, operation.document)


@pytest.mark.timeout(900)
async def test_no_id_of_another_person_opens_anything(
    contract: tuple[Visitor, Json], belongings: dict[str, Json], buyer: Visitor, private: list[Operation]
) -> None:
    """The attacker knows an id of each kind that the victim has."""
    victim, _ = contract
    ids = own_ids(belongings)
    secrets = secrets_of(victim.person, belongings)
    bodies = {str(one): body_of(one) for one in private}
    assert len(ids) > 5
    assert len(private) > 8

    for operation, known_id in product(private, ids):
        path = operation.at(**dict.fromkeys(operation.parameters, known_id)).removeprefix(API)
        answer = await buyer.ask(operation.method, path, bodies[str(operation)])
        assert answer.status_code in REFUSED, (str(operation), known_id, answer.text)
        if operation.body is not None:
            assert answer.status_code not in UNREAD, (str(operation), answer.text)
        leaked = [secret for secret in secrets if secret in answer.text and secret != known_id]
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
        for known_id in ids:
            path = operation.at(**dict.fromkeys(operation.parameters, known_id)).removeprefix(API)
            answer = await buyer.ask("GET", path)
            assert answer.status_code == nobodys.status_code, str(operation)
            assert without_trace(answer.json()) == without_trace(nobodys.json()), str(operation)


def without_trace(problem: Json) -> Json:
    return {name: value for name, value in problem.items() if name != "trace_id"}
