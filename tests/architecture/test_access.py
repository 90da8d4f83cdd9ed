"""Who may call which route of which service: nobody unless it says so."""

import inspect
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from importlib import import_module
from uuid import UUID, uuid4

import httpx
import pytest
from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import RouteContext, iter_route_contexts

from chassis.auth import current_user, enrolling_user
from chassis.config import ServiceSettings
from chassis.crypto import new_key
from chassis.service import create_api
from chassis.testing.tokens import TestKeys
from identity.staff.domain import ROLES

SERVICES = ("identity", "sales", "payment", "notify")
PREFIX = "/api/v1"
INTERNAL = frozenset(
    {
        "GET /openapi.json",
        "GET /livez",
        "GET /readyz",
        "GET /metrics",
        "GET /.well-known/ended-sessions.json",
        "POST /live/orders",
        "POST /live/plans",
    }
)
"""Of every service; the gateway does not show them."""
PUBLIC = frozenset(
    {
        "GET /.well-known/jwks.json",
        "POST /api/v1/registrations",
        "GET /api/v1/registrations/{registration_id}",
        "POST /api/v1/registrations/{registration_id}/code",
        "POST /api/v1/registrations/{registration_id}/activation",
        "POST /api/v1/sessions",
        "POST /api/v1/sessions/code",
        "POST /api/v1/sessions/refresh",
        "POST /api/v1/challenges/{challenge_id}",
        "POST /api/v1/staff-invitations/{invitation_id}",
        "POST /api/v1/password-resets",
        "POST /api/v1/password-resets/{reset_id}",
        "POST /api/v1/password-resets/{reset_id}/code",
        "GET /api/v1/plans",
        "GET /api/v1/plans/{plan_id}",
        "GET /api/v1/dealerships",
        "GET /api/v1/office-hours",
        "GET /api/v1/faq/{article_id}",
        "GET /api/v1/faq",
        "GET /api/v1/sms-deliveries/{provider}",
        "POST /api/v1/sms-deliveries/{provider}",
        "GET /api/v1/announcements/{article_id}",
        "GET /api/v1/announcements",
        "GET /api/v1/draws",
        "GET /api/v1/draws/{plan_id}",
        "GET /api/v1/draws/verify_draw.py",
        "GET /api/v1/draws/{plan_id}/verify_draw.py",
        "GET /api/v1/draws/{plan_id}/rules",
        "GET /api/v1/draws/{plan_id}/commitment",
        "GET /api/v1/draws/{plan_id}/entries",
        "GET /api/v1/draws/{plan_id}/seed",
        "GET /api/v1/draws/{plan_id}/result",
        "GET /api/v1/draws/{plan_id}/proof/{entry}",
        "POST /api/v1/tracking",
        "GET /api/v1/payments/callback/{provider}",
        "POST /api/v1/payments/callback/{provider}",
        "GET /api/v1/payments/handover/{provider}/{authority}",
    }
)
"""Routes for people who are not logged in; a new one is written down here on purpose."""
ENROLLING = frozenset(
    {
        "GET /api/v1/me/authenticator",
        "POST /api/v1/me/authenticator",
        "POST /api/v1/me/authenticator/confirmation",
        "DELETE /api/v1/sessions/current",
    }
)
"""What is left to a member of the staff without an authenticator app when its time has come."""


@dataclass(frozen=True)
class Route:
    """One method of one path of a service."""

    app: FastAPI
    method: str
    path: str
    context: RouteContext

    def __str__(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def dependant(self) -> Dependant | None:
        return getattr(self.context, "dependant", None)

    async def call(self, headers: dict[str, str]) -> httpx.Response:
        """Asks for the route with made-up ids and an empty object; there is no database behind it."""
        path = "/".join(str(UUID(int=0)) if part[:1] == "{" else part for part in self.path.split("/"))
        transport = httpx.ASGITransport(self.app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://service") as client:
            body: object = None if self.method in {"GET", "DELETE"} else {}
            return await client.request(self.method, path, json=body, headers=headers)


def dependencies(dependant: Dependant | None) -> Iterator[object]:
    for dependency in dependant.dependencies if dependant else ():
        yield dependency.call
        yield from dependencies(dependency)


def settings_of(service: str) -> ServiceSettings:
    """Every setting that is required, made up."""
    kind: type[ServiceSettings] = import_module(f"{service}.config").Settings
    values: dict[str, object] = {
        name: f"key:{new_key()}"
        if name.endswith("_keys")
        else new_key()
        if name.endswith("_key")
        else str(uuid4())
        for name, field in kind.model_fields.items()
        if field.is_required()
    }
    nowhere = {"database_url": "postgresql+asyncpg://x:y@127.0.0.1:1/x", "jwks_url": "http://127.0.0.1:1/"}
    return kind.model_validate(values | nowhere)


@pytest.fixture(scope="module")
def keys() -> TestKeys:
    return TestKeys()


@pytest.fixture(scope="module")
async def routes(keys) -> AsyncIterator[list[Route]]:
    """All routes of all services."""
    built = [import_module(f"{name}.app").build(settings_of(name), keys=keys) for name in SERVICES]
    yield [
        Route(app, method, str(context.path), context)
        for app in map(create_api, built)
        for context in iter_route_contexts(app.routes)
        for method in (context.methods or ())
        if method != "HEAD"
    ]
    for service in built:
        await service.database.close()


def test_routes_are_found(routes):
    assert {"POST /api/v1/orders", "GET /api/v1/me", "GET /api/v1/messages", "GET /api/v1/bills"} <= set(
        map(str, routes)
    )


def test_every_public_route_that_is_written_down_exists(routes):
    assert set(map(str, routes)) >= PUBLIC


async def test_every_other_route_needs_a_token(routes, keys):
    strangers = {
        "nobody": {},
        "a foreign token": TestKeys().authorization(uuid4(), ROLES),
        "an expired token": {"Authorization": f"Bearer {keys.token(uuid4(), ROLES, lifetime=-1)}"},
        "a pretended gateway": {"X-User-Id": str(uuid4()), "X-Roles": "admin"},
    }
    protected = [route for route in routes if str(route) not in PUBLIC | INTERNAL]
    let_in = [
        f"{route} let in {stranger}"
        for route in protected
        for stranger, headers in strangers.items()
        if (await route.call(headers)).status_code != 401
    ]
    assert protected
    assert let_in == []


def test_every_other_route_declares_that_it_needs_a_token(routes):
    silent = [
        str(route)
        for route in routes
        if str(route) not in PUBLIC | INTERNAL | ENROLLING
        and current_user not in dependencies(route.dependant)
    ]
    assert silent == []


def test_who_has_yet_to_enrol_an_authenticator_app_can_do_little_else(routes):
    open_to_them = {str(route) for route in routes if enrolling_user in dependencies(route.dependant)}
    assert open_to_them == ENROLLING


def test_dependencies_do_not_block_the_event_loop(routes):
    """A dependency that is a plain function would run in a thread, at the price of one per request."""
    calls = {call for route in routes for call in dependencies(route.dependant) if call is not None}
    plain = [
        call
        for call in calls
        if not inspect.iscoroutinefunction(call)
        and not inspect.iscoroutinefunction(getattr(call, "__call__", None))  # noqa: B004 the method itself
    ]
    assert plain == []
