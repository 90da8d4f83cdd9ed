"""Logging in with a password, with a code, with both."""

import asyncio
from collections import Counter
from uuid import uuid4

import httpx
import pytest
from sqlalchemy import text

from chassis.service import Service
from chassis.testing.clock import MovableClock
from events.identity import CodeIssued
from identity.context import Context
from identity.credentials.hashing import PasswordHashing
from identity.staff.seed import appoint_staff
from identity.testing import PASSWORD, Api, Json, Person, Phones, form, log_in, registered


@pytest.fixture
async def person(api: Api, phones: Phones) -> Person:
    return await registered(api, phones)


@pytest.fixture
async def manager(service: Service) -> Json:
    typed = form()
    await appoint_staff(
        service,
        national_code=typed["national_code"],
        mobile=typed["mobile"],
        password=typed["password"],
        first_name="مریم",
        last_name="راد",
        roles=["manager"],
    )
    return typed


def refused(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


async def wrong_password(api: Api, typed: Json) -> httpx.Response:
    return await log_in(api, {**typed, "password": "not the password"})


async def test_a_wrong_password_and_an_unknown_person_are_answered_alike(api: Api, person: Person) -> None:
    wrong, unknown = await wrong_password(api, person.form), await log_in(api, form())
    assert refused(wrong) == refused(unknown) == (401, "wrong_credentials")
    assert {**wrong.json(), "trace_id": ""} == {**unknown.json(), "trace_id": ""}


async def test_after_five_wrong_passwords_there_is_a_pause_and_then_the_right_one_enters(
    api: Api, person: Person, clock: MovableClock
) -> None:
    for _ in range(5):
        assert refused(await wrong_password(api, person.form)) == (401, "wrong_credentials")
    paused = await log_in(api, person.form)
    assert refused(paused) == (429, "too_many_requests")
    assert paused.headers["retry-after"] == "30"
    clock.advance(seconds=30)
    assert (await log_in(api, person.form)).status_code == 201
    assert refused(await wrong_password(api, person.form)) == (401, "wrong_credentials")


async def test_an_unknown_person_is_paused_like_a_known_one(api: Api) -> None:
    nobody = form()
    answers = [refused(await log_in(api, nobody)) for _ in range(6)]
    assert answers == [(401, "wrong_credentials")] * 5 + [(429, "too_many_requests")]


async def test_two_hundred_parallel_wrong_passwords_are_compared_five_times(api: Api, person: Person) -> None:
    answers = await asyncio.gather(*(wrong_password(api, person.form) for _ in range(200)))
    outcomes = Counter(map(refused, answers))
    assert outcomes[401, "wrong_credentials"] == 5
    assert outcomes.keys() <= {(401, "wrong_credentials"), (429, "too_many_requests"), (503, "unavailable")}


async def test_an_attack_from_elsewhere_does_not_keep_the_owner_out(
    api: Api, person: Person, clock: MovableClock
) -> None:
    attacker = api.elsewhere()
    for _ in range(100):
        await wrong_password(attacker, person.form)
        clock.advance(seconds=30)
    assert (await log_in(api, person.form)).status_code == 202


async def test_an_account_is_guarded_against_many_addresses_too(api: Api, person: Person) -> None:
    answers = [await wrong_password(api.elsewhere(), person.form) for _ in range(60)]
    assert Counter(map(refused, answers)) == {(401, "wrong_credentials"): 50, (429, "too_many_requests"): 10}


async def test_a_hash_of_old_parameters_is_replaced_at_login(
    api: Api, person: Person, service: Service, context: Context
) -> None:
    async with PasswordHashing(workers=1, queue=1, memory_kib=64) as weak:
        await _store(service, person, await weak.hash(PASSWORD))

    assert (await log_in(api, person.form)).status_code == 201

    assert not context.hashing.outdated(await _stored(service, person))
    assert (await log_in(api, person.form)).status_code == 201


async def _store(service: Service, person: Person, password_hash: str) -> None:
    changed = text("UPDATE credentials SET password_hash = :hash WHERE customer_id = :id")
    async with service.database.transaction() as session:
        await session.execute(changed, {"hash": password_hash, "id": person.customer_id})


async def _stored(service: Service, person: Person) -> str:
    found = text("SELECT password_hash FROM credentials WHERE customer_id = :id")
    async with service.database.transaction() as session:
        return str(await session.scalar(found, {"id": person.customer_id}))


async def test_a_person_logs_in_with_national_code_mobile_and_a_code(
    api: Api, person: Person, phones: Phones
) -> None:
    asked = await api.post("/sessions/code", _mobile_login(person.form))
    assert asked.status_code == 202
    path = f"/challenges/{asked.json()['challenge_id']}"
    code = await phones.last_code(person.form["mobile"])

    entered = await api.post(path, {"code": code})
    assert entered.status_code == 201
    assert entered.json().keys() == {
        "access_token",
        "refresh_token",
        "token_type",
        "expires_in",
        "device_token",
    }
    assert refused(await api.post(path, {"code": code})) == (409, "code_used")


@pytest.mark.parametrize("stranger", ["unknown", "other mobile", "staff"])
async def test_whoever_may_not_enter_with_a_code_gets_the_same_answer_and_no_code(
    api: Api, person: Person, manager: Json, phones: Phones, stranger: str
) -> None:
    typed = {
        "unknown": form(),
        "other mobile": {**person.form, "mobile": form()["mobile"]},
        "staff": manager,
    }[stranger]

    asked = await api.post("/sessions/code", _mobile_login(typed))

    assert (asked.status_code, asked.json().keys()) == (202, {"challenge_id", "method", "expires_at"})
    assert await phones.codes(typed["mobile"]) == []
    path = f"/challenges/{asked.json()['challenge_id']}"
    assert refused(await api.post(path, {"code": "123456"})) == (422, "code_wrong")


def _mobile_login(typed: Json) -> Json:
    return {"national_code": typed["national_code"], "mobile": typed["mobile"]}


async def test_a_member_of_the_staff_needs_the_password_and_a_code(
    api: Api, manager: Json, phones: Phones
) -> None:
    first = await log_in(api, manager)
    assert (first.status_code, first.json()["method"]) == (202, "sms")

    path = f"/challenges/{first.json()['challenge_id']}"
    second = await api.post(path, {"code": await phones.last_code(manager["mobile"])})
    assert second.status_code == 201
    me = await api.get("/me", Authorization=f"Bearer {second.json()['access_token']}")
    assert me.json()["roles"] == ["manager"]


async def test_a_registrations_code_is_no_login(api: Api, phones: Phones) -> None:
    typed = form()
    await api.post("/registrations", typed)
    issued = (await phones.events(CodeIssued.name))[-1]
    answer = await api.post(
        f"/challenges/{issued['challenge_id']}", {"code": await phones.last_code(typed["mobile"])}
    )
    assert refused(answer) == (404, "not_found")


async def test_an_unknown_challenge_is_not_there(api: Api) -> None:
    assert refused(await api.post(f"/challenges/{uuid4()}", {"code": "123456"})) == (404, "not_found")


async def test_an_expired_login_code_is_refused(
    api: Api, person: Person, phones: Phones, clock: MovableClock
) -> None:
    asked = (await api.post("/sessions/code", _mobile_login(person.form))).json()
    clock.advance(seconds=120)
    code = await phones.last_code(person.form["mobile"])
    assert refused(await api.post(f"/challenges/{asked['challenge_id']}", {"code": code})) == (
        410,
        "code_expired",
    )


async def test_tokens_are_not_kept_by_caches(api: Api, person: Person) -> None:
    assert (await log_in(api, person.form)).headers["cache-control"] == "no-store"
