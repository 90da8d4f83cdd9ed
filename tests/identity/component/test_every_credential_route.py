"""Whichever way a secret is presented, guessing is slowed down; whatever is sent, an answer comes."""

import re
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from typing import Any, get_args
from uuid import uuid4

import httpx
import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute
from pydantic import BaseModel, create_model
from pydantic.fields import FieldInfo
from sqlalchemy import text

from chassis.service import Service, create_api
from chassis.testing.clock import MovableClock
from identity.app import ROUTERS, build
from identity.authenticators.domain import GivenCode
from identity.challenges.domain import OneTimeCode
from identity.config import Settings
from identity.credentials.passwords import GivenPassword, NewPassword
from identity.staff_invitations.domain import InvitationCode
from identity.testing import Api, Json, Phones, form, registered
from iran import PersonName, TextValue

GUESSES: dict[str, Json] = {
    "POST /registrations/{registration_id}/activation": {"code": "123456"},
    "POST /sessions": {"national_code": form()["national_code"], "password": "a wrong password"},
    "POST /challenges/{challenge_id}": {"code": "123456"},
    "POST /sessions/refresh": {"refresh_token": "AAAA"},
    "POST /me/authenticator": {"password": "a wrong password"},
    "POST /me/authenticator/confirmation": {"code": "123456"},
    "POST /me/authenticator/recovery-codes": {"code": "123456"},
    "POST /me/password": {"current_password": "a wrong password", "new_password": "a better password"},
    "POST /me/mobile": {"mobile": form()["mobile"], "password": "a wrong password"},
    "POST /me/mobile/confirmation": {"challenge_id": str(uuid4()), "code": "123456"},
    "POST /password-resets/{reset_id}": {"code": "123456", "new_password": "a better password"},
    "POST /staff-invitations/{invitation_id}": {
        "code": InvitationCode.example,
        "national_code": form()["national_code"],
        "password": "a wrong password",
    },
    "DELETE /me/authenticator": {"password": "a wrong password", "code": "123456"},
}
"""A wrong secret for each route that takes one; routes below ``/me`` are asked by somebody logged in."""


CHECKING_NOTHING = {
    "POST /registrations": "the password is the account's first: nothing is there to compare it with",
}
"""Routes that take a secret and compare it with none, with the reason."""
NAMED_LIKE_A_SECRET = re.compile(r"(^|_)(password|token|secret|code)$")
NO_SECRETS = {"national_code", "postal_code"}


def routes() -> dict[str, APIRoute]:
    """By method and path."""
    return {
        f"{method} {route.path}": route
        for router in ROUTERS
        for route in router.routes
        if isinstance(route, APIRoute)
        for method in (route.methods or ())
    }


def credential_routes() -> set[str]:
    return {name for name, route in routes().items() if "credential" in route.tags}


def parts(annotation: object) -> Iterator[object]:
    """A type and all that it is made of, what ``Annotated`` says included."""
    yield annotation
    for part in get_args(annotation):
        yield from parts(part)


def fields_within(annotation: object) -> Iterator[tuple[str, FieldInfo]]:
    """The fields of the models in a type, and of the models in those."""
    for part in parts(annotation):
        if isinstance(part, type) and issubclass(part, BaseModel):
            for name, field in part.model_fields.items():
                yield name, field
                yield from fields_within(field.annotation)


def body_fields(route: APIRoute) -> list[tuple[str, FieldInfo]]:
    return list(fields_within(route.body_field.field_info.annotation)) if route.body_field else []


def is_secret(field: FieldInfo) -> bool:
    """Secrets are shown in no ``repr``: passwords and tokens by their field, codes by their type."""
    return any(
        (isinstance(part, FieldInfo) and not part.repr) or _is_code(part)
        for part in (field, *parts(field.annotation))
    )


def _is_code(kind: object) -> bool:
    """A text of which nothing is shown, unless it is a name."""
    if not isinstance(kind, type) or not issubclass(kind, TextValue):
        return False
    return kind.visible == (0, 0) and kind is not PersonName


@pytest.fixture
async def strict(settings: Settings, clock: MovableClock) -> AsyncIterator[Api]:
    """An identity that lets an address try three times."""
    service = build(settings.model_copy(update={"address_attempts": 3}), clock=clock)
    async with service.opened(), _client_of(create_api(service)) as client:
        yield Api(client)


def _client_of(app: FastAPI) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    return httpx.AsyncClient(transport=transport, base_url="http://identity")


def test_every_route_that_takes_a_secret_is_tried_here() -> None:
    assert credential_routes() == set(GUESSES)


def test_every_route_with_a_secret_in_its_body_is_marked_as_one() -> None:
    taking = {
        name for name, route in routes().items() if any(is_secret(field) for _, field in body_fields(route))
    }
    assert taking == credential_routes() | CHECKING_NOTHING.keys()


def test_what_is_named_like_a_secret_is_typed_like_one() -> None:
    plain = {
        f"{route}: {name}"
        for route, found in routes().items()
        for name, field in body_fields(found)
        if NAMED_LIKE_A_SECRET.search(name) and name not in NO_SECRETS and not is_secret(field)
    }
    assert plain == set()


@pytest.mark.filterwarnings("ignore:The 'repr' attribute")
@pytest.mark.parametrize("kind", [GivenPassword, NewPassword, GivenCode, OneTimeCode, InvitationCode])
@pytest.mark.parametrize("depth", ["itself", "optional", "within", "optional within"])
def test_a_secret_is_found_wherever_it_is_in_a_body(kind: Any, depth: str) -> None:
    given: Any = kind | None if depth.startswith("optional") else kind
    inner = create_model("Inner", given=(given, ...))
    outer = create_model("Outer", inner=(list[inner] | None, None))
    body = outer if depth.endswith("within") else inner
    assert any(is_secret(field) for _, field in fields_within(body | None))


@pytest.mark.parametrize("route", GUESSES)
async def test_an_address_that_guesses_has_to_pause(
    strict: Api, api: Api, phones: Phones, route: str
) -> None:
    method, path = route.split()
    headers = {"Authorization": (await registered(api, phones)).authorization} if path[:3] == "/me" else {}
    guessed = re.sub(r"{\w+}", lambda _: str(uuid4()), path)
    answers = [await strict.call(method, guessed, GUESSES[route], **headers) for _ in range(4)]
    assert all(answer.status_code in {401, 404, 409, 422} for answer in answers[:3])
    assert (answers[3].status_code, answers[3].json()["code"]) == (429, "too_many_requests")
    assert answers[3].headers["retry-after"] == "60"


@pytest.mark.parametrize("path", ["/registrations", "/sessions", "/sessions/code", "/sessions/refresh"])
@pytest.mark.parametrize("body", ["{", "[]", "null", '"x"', '{"x": 1}', "{}"])
async def test_a_body_that_is_no_request_is_refused(client: httpx.AsyncClient, path: str, body: str) -> None:
    answer = await client.post(f"/api/v1{path}", content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code in {400, 422}
    assert answer.headers["content-type"] == "application/problem+json"


async def test_a_body_of_ten_megabytes_is_refused(api: Api) -> None:
    answer = await api.post("/registrations", form(occupation="x" * 10_000_000))
    assert (answer.status_code, answer.json()["code"]) == (413, "body_too_large")


async def test_another_address_in_a_forwarded_header_changes_nothing(strict: Api) -> None:
    guess = GUESSES["POST /sessions/refresh"]
    for n in range(3):
        await strict.post("/sessions/refresh", guess, X_Forwarded_For=f"1.2.3.{n}")
    answer = await strict.post("/sessions/refresh", guess, X_Forwarded_For="1.2.3.9")
    assert answer.status_code == 429


async def test_a_header_that_names_a_person_is_no_login(api: Api) -> None:
    answer = await api.get("/me", X_User_Id=str(uuid4()), X_Subject=str(uuid4()), X_Roles="admin")
    assert answer.status_code == 401


ENDS = {
    "registrations": "expires_at",
    "challenges": "expires_at",
    "quota_uses": "renews_at",
    "secret_tries": "forget_at",
}


async def test_drafts_codes_and_counters_are_forgotten_in_time(
    api: Api, service: Service, phones: Phones, clock: MovableClock
) -> None:
    sent = (await api.post("/registrations", form())).json()
    await api.post("/sessions/refresh", {"refresh_token": "AAAA"})
    clock.advance(days=4)
    forgetting = next(job for job in service.jobs if job.name == "identity.forgetting")
    await forgetting.run()
    async with service.database.transaction() as session:
        left = await session.connection()
        for table, end in ENDS.items():
            over = text(f"SELECT count(*) FROM {table} WHERE {end} < :yesterday")  # noqa: S608 - own names
            rows = await left.execute(over, {"yesterday": clock() - timedelta(days=2)})
            assert rows.scalar_one() == 0, table
    assert (await api.post(f"/registrations/{sent['registration_id']}/code")).status_code == 404
