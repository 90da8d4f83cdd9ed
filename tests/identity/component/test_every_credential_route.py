"""Whichever way a secret is presented, guessing is slowed down; whatever is sent, an answer comes."""

import re
from collections.abc import AsyncIterator
from datetime import timedelta
from uuid import uuid4

import httpx
import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute
from sqlalchemy import text

from chassis.service import Service, create_api
from chassis.testing.clock import MovableClock
from identity.app import ROUTERS, build
from identity.config import Settings
from identity.staff_invitations.domain import InvitationCode
from identity.testing import Api, Json, Phones, form, registered

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


def credential_routes() -> set[str]:
    routes = [route for router in ROUTERS for route in router.routes if isinstance(route, APIRoute)]
    return {
        f"{method} {route.path}"
        for route in routes
        for method in (route.methods or ())
        if "credential" in route.tags
    }


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
    for job in service.jobs:
        await job.run()
    async with service.database.transaction() as session:
        left = await session.connection()
        for table, end in ENDS.items():
            over = text(f"SELECT count(*) FROM {table} WHERE {end} < :yesterday")  # noqa: S608 - own names
            rows = await left.execute(over, {"yesterday": clock() - timedelta(days=2)})
            assert rows.scalar_one() == 0, table
    assert (await api.post(f"/registrations/{sent['registration_id']}/code")).status_code == 404
