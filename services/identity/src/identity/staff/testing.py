"""Members of the staff who are logged in."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import httpx
from sqlalchemy import text

from chassis.service import Service
from identity.staff.domain import StaffRole
from identity.staff.seed import appoint_staff
from identity.testing import Api, Json, Phones, form, log_in


@dataclass(frozen=True)
class Colleague:
    """Somebody of the staff at the API."""

    id: str
    form: Json
    api: Api
    tokens: Json

    async def call(self, method: str, path: str, body: object = None, **headers: str) -> httpx.Response:
        token = f"Bearer {self.tokens['access_token']}"
        return await self.api.call(method, path, body, Authorization=token, **headers)

    async def get(self, path: str, status: int = 200) -> Json:
        return checked(await self.call("GET", path), status)

    async def post(self, path: str, body: object = None, status: int = 200, **headers: str) -> Json:
        return checked(await self.call("POST", path, body, **headers), status)

    async def put(self, path: str, body: object, status: int = 200) -> Json:
        return checked(await self.call("PUT", path, body), status)

    async def delete(self, path: str, status: int = 204) -> Json:
        return checked(await self.call("DELETE", path), status)


Hire = Callable[..., Awaitable[Colleague]]


def checked(answer: httpx.Response, status: int) -> Json:
    assert answer.status_code == status, f"{answer.status_code} {answer.text}"
    found: Json = answer.json() if answer.content else {}
    return found


async def hired(service: Service, api: Api, phones: Phones, *roles: StaffRole) -> Colleague:
    typed = form()
    member_id = await appoint_staff(
        service,
        national_code=typed["national_code"],
        mobile=typed["mobile"],
        password=typed["password"],
        first_name=typed["first_name"],
        last_name=typed["last_name"],
        roles=roles,
    )
    return Colleague(str(member_id), typed, api, await logged_in(api, phones, typed))


async def logged_in(api: Api, phones: Phones, typed: Json) -> Json:
    """The tokens of a login with the password and the code."""
    due = checked(await log_in(api, typed), 202)
    code = await phones.last_code(typed["mobile"])
    return checked(await api.post(f"/challenges/{due['challenge_id']}", {"code": code}), 201)


async def trail(service: Service, subject: str | None = None) -> list[Any]:
    """What the audit trail says, about a person or about everybody, in its order."""
    found = text(
        "SELECT * FROM audit_entries WHERE CAST(:subject AS uuid) IS NULL OR subject = :subject ORDER BY id"
    )
    async with service.database.transaction() as session:
        return list(await session.execute(found, {"subject": subject}))
