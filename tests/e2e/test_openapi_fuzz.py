"""Whatever is sent to a documented operation, the answer is never a failure of ours."""

from collections.abc import Iterator
from typing import Any

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy
from schemathesis import APIOperation, BaseSchema, Case, GenerationMode
from schemathesis.core.errors import InvalidSchema
from schemathesis.core.result import Err, Ok
from schemathesis.specs.openapi.checks import response_schema_conformance

from nobat.testing.person import Person
from nobat.testing.system import System
from nobat.testing.visitor import Json, Visitor

Operation = APIOperation[Any, Any, Any, Any]
SOME, MANY = 2, 20
"""Requests for each operation and caller; one where the caller is refused whatever they ask."""
PROBLEM = "application/problem+json"
EVERYWHERE = "DELETE /api/v1/sessions"

settings.register_profile(
    "fuzz",
    deadline=None,
    database=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture(scope="module")
def schema(system: System, document: Json) -> BaseSchema:
    schema = schemathesis.openapi.from_dict(document)
    schema.config.update(base_url=system.base_url)
    return schema


@pytest.fixture
def nobody() -> None:
    """Says nothing about who asks."""


@pytest.fixture
async def another_manager(system: System, manager: Visitor) -> Visitor:
    """The manager in a session of their own, which is going to end; begun after that of the other tests."""
    visitor = Visitor(manager.api, manager.simulators, Person.of_staff("manager", system.staff_password))
    await visitor.log_in()
    return visitor


@pytest.fixture(scope="module")
def http() -> Iterator[requests.Session]:
    with requests.Session() as session:
        session.trust_env = False
        yield session


def requests_to(operation: Operation) -> SearchStrategy[Case[Any]]:
    """Right ones and wrong ones."""
    return st.one_of(*(operation.as_strategy(generation_mode=mode) for mode in GenerationMode))


def operation_of(result: Ok[Operation] | Err[InvalidSchema]) -> Operation:
    """Fails the test when the document describes it wrongly."""
    if isinstance(result, Err):
        raise result.err()
    return result.ok()


def operations(schema: BaseSchema, who: str) -> list[Operation]:
    """All of them but what would log out the other tests' manager; those that end the session come last."""
    found = [operation_of(result) for result in schema.get_all_operations()]
    found = [operation for operation in found if who != "another_manager" or operation.label != EVERYWHERE]
    return sorted(found, key=lambda operation: operation.method == "delete")


def examples(operation: Operation, who: str, most: int) -> int:
    is_protected = bool(operation.definition.raw.get("security"))
    is_refused = {"nobody": is_protected, "buyer": "/staff/" in operation.path, "another_manager": False}
    return 1 if is_refused[who] else most


def check(case: Case[Any], http: requests.Session, headers: dict[str, str]) -> None:
    response = case.call(session=http, headers=headers, timeout=30)
    told = f"{response.status_code} {response.content[:500]!r}\n{case.as_curl_command()}"
    assert response.status_code < 500, told
    case.validate_response(response, checks=[response_schema_conformance])
    if response.status_code >= 400 and case.method != "HEAD":
        assert response.headers["content-type"] == [PROBLEM], told
        assert response.json()["status"] == response.status_code, told


@pytest.mark.timeout(3600)
@pytest.mark.parametrize("most", [SOME, pytest.param(MANY, marks=pytest.mark.chaos)])
@pytest.mark.parametrize("who", ["nobody", "buyer", "another_manager"])
def test_no_request_makes_a_service_fail(
    who: str, most: int, schema: BaseSchema, http: requests.Session, request: pytest.FixtureRequest
) -> None:
    visitor: Visitor | None = request.getfixturevalue(who)
    headers = {"authorization": f"Bearer {visitor.token}"} if visitor else {}

    for operation in operations(schema, who):

        @settings(settings.get_profile("fuzz"), max_examples=examples(operation, who, most))
        @given(case=requests_to(operation))
        def ask(case: Case[Any]) -> None:
            check(case, http, headers)

        ask()
