"""Disabling an account: nobody gets in, nothing that was in stays in."""

import asyncio
from uuid import UUID, uuid4

import httpx
import pytest
from sqlalchemy import text

from chassis.auth import Principal
from chassis.service import Service
from events.identity import CustomerDisabled, CustomerEnabled
from identity.client import Place
from identity.context import Context
from identity.devices import service as devices
from identity.disablements import service as disablements
from identity.staff.seed import appoint_staff
from identity.testing import Api, Json, Person, Phones, form, log_in, registered


@pytest.fixture
async def person(api: Api, phones: Phones) -> Person:
    return await registered(api, phones)


async def staff(api: Api, phones: Phones, service: Service, role: str) -> str:
    """The authorization of a new member."""
    typed = form()
    await appoint_staff(
        service,
        national_code=typed["national_code"],
        mobile=typed["mobile"],
        password=typed["password"],
        first_name="آرش",
        last_name="پیروز",
        roles=[role],  # type: ignore[list-item] # a parameter of these tests
    )
    office = api.elsewhere()
    due = (await log_in(office, typed)).json()
    code = {"code": await phones.last_code(typed["mobile"])}
    tokens = (await office.post(f"/challenges/{due['challenge_id']}", code)).json()
    return f"Bearer {tokens['access_token']}"


@pytest.fixture
async def admin(api: Api, phones: Phones, service: Service) -> str:
    return await staff(api, phones, service, "admin")


def refused(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


async def disable(api: Api, admin: str, customer_id: object, reason: str = "fraud") -> httpx.Response:
    path = f"/staff/customers/{customer_id}/disablement"
    return await api.post(path, {"reason": reason}, Authorization=admin)


async def enable(api: Api, admin: str, customer_id: object) -> httpx.Response:
    return await api.delete(f"/staff/customers/{customer_id}/disablement", Authorization=admin)


async def test_everything_ends_at_once_where_sessions_are_known(api: Api, person: Person, admin: str) -> None:
    assert (await disable(api, admin, person.customer_id)).status_code == 204

    assert refused(await api.get("/me", Authorization=person.authorization)) == (401, "session_ended")
    refresh = {"refresh_token": person.tokens["refresh_token"]}
    assert refused(await api.post("/sessions/refresh", refresh)) == (401, "session_ended")


async def test_a_disabled_account_is_answered_like_an_unknown_one(
    api: Api, person: Person, admin: str, phones: Phones
) -> None:
    await disable(api, admin, person.customer_id)
    unknown = await log_in(api, form())
    for typed in (person.form, person.remembered):
        answer = await log_in(api, typed)
        assert {**answer.json(), "trace_id": ""} == {**unknown.json(), "trace_id": ""}

    sent = len(await phones.codes(person.form["mobile"]))
    typed = {name: person.form[name] for name in ("national_code", "mobile")}
    assert (await api.post("/sessions/code", typed)).status_code == 202
    assert len(await phones.codes(person.form["mobile"])) == sent


async def test_a_login_that_was_begun_before_is_over(
    api: Api, person: Person, admin: str, phones: Phones
) -> None:
    phone = api.elsewhere()
    due = (await log_in(phone, person.form)).json()
    code = {"code": await phones.last_code(person.form["mobile"])}
    await disable(api, admin, person.customer_id)
    assert refused(await phone.post(f"/challenges/{due['challenge_id']}", code)) == (409, "code_used")


async def test_an_enabled_account_is_open_again_with_no_device_remembered(
    api: Api, person: Person, admin: str
) -> None:
    await disable(api, admin, person.customer_id)
    assert (await enable(api, admin, person.customer_id)).status_code == 204
    assert (await log_in(api, person.remembered)).status_code == 202


async def test_doing_it_twice_or_to_nobody_or_to_oneself_is_refused(
    api: Api, person: Person, admin: str
) -> None:
    assert refused(await enable(api, admin, person.customer_id)) == (409, "not_disabled")
    await disable(api, admin, person.customer_id)
    assert refused(await disable(api, admin, person.customer_id)) == (409, "already_disabled")
    for attempt in (disable(api, admin, uuid4()), enable(api, admin, uuid4())):
        assert refused(await attempt) == (404, "not_found")
    me = (await api.get("/me", Authorization=admin)).json()["customer_id"]
    assert refused(await disable(api, admin, me)) == (409, "own_account")


@pytest.mark.parametrize("role", ["manager", "operator", "auditor"])
async def test_only_an_admin_disables(
    api: Api, person: Person, phones: Phones, service: Service, role: str
) -> None:
    other = await staff(api, phones, service, role)
    assert refused(await disable(api, other, person.customer_id)) == (403, "forbidden")
    assert refused(await disable(api, person.authorization, person.customer_id)) == (403, "forbidden")


async def test_a_reason_is_one_of_the_list(api: Api, person: Person, admin: str) -> None:
    assert refused(await disable(api, admin, person.customer_id, "no reason")) == (422, "invalid_fields")


async def test_it_is_announced_and_in_the_audit_trail(
    api: Api, person: Person, admin: str, phones: Phones, service: Service
) -> None:
    await disable(api, admin, person.customer_id, "suspected_theft")
    await enable(api, admin, person.customer_id)

    events: list[Json] = []
    for name in (CustomerDisabled.name, CustomerEnabled.name):
        events += [one for one in await phones.events(name) if one["customer_id"] == person.customer_id]
    assert [event["version"] for event in events] == [2, 3]
    assert events[0]["reason"] == "suspected_theft"
    trail = text("SELECT action FROM audit_entries WHERE subject = :subject ORDER BY at, id")
    async with service.database.transaction() as session:
        actions = list(await session.scalars(trail, {"subject": UUID(person.customer_id)}))
    assert {"identity.customer.disabled", "identity.customer.enabled"} <= set(actions)


async def test_no_session_outlives_a_disablement_however_the_two_meet(
    api: Api, person: Person, service: Service, context: Context
) -> None:
    """Logins at once with the disablement, many times: nothing that came of them lives."""
    actor = Principal(uuid4(), uuid4(), frozenset({"admin"}), 0)
    customer_id = UUID(person.customer_id)
    living = text("SELECT count(*) FROM sessions WHERE customer_id = :id AND ended_at IS NULL")

    async def switch_off() -> None:
        async with service.database.transaction() as session:
            await disablements.disable(session, context, actor, "office", customer_id, "fraud")

    for _ in range(10):
        known = {**person.form, "device_token": await _remembered(service, context, customer_id)}
        logins = [asyncio.create_task(log_in(api, known)) for _ in range(4)]
        await asyncio.wait(logins, return_when=asyncio.FIRST_COMPLETED)
        await switch_off()
        answers = await asyncio.gather(*logins)

        assert 201 in [answer.status_code for answer in answers]
        async with service.database.transaction() as session:
            assert await session.scalar(living, {"id": customer_id}) == 0
            await disablements.enable(session, context, actor, "office", customer_id)


async def _remembered(service: Service, context: Context, customer_id: UUID) -> str:
    async with service.database.transaction() as session:
        place = Place("10.0.0.1", None)
        device = await devices.remember(session, context.vault, customer_id, place, context.clock())
    return device.text(context.vault)
