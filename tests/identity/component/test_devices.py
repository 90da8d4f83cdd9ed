"""The second factor on a new device, and the devices that are spared it."""

import asyncio
from collections import Counter
from uuid import UUID

import httpx
import pytest

from chassis.service import Service
from chassis.testing.clock import MovableClock
from events.identity import DeviceAdded
from identity.devices import service as devices
from identity.testing import Api, Json, Person, Phones, log_in, registered

ANDROID = (
    "Mozilla/5.0 (Linux; Android 13; SM-A536E) AppleWebKit/537.36 (KHTML, like Gecko)"
    " Chrome/120.0.0.0 Mobile Safari/537.36"
)


@pytest.fixture
async def person(api: Api, phones: Phones) -> Person:
    return await registered(api, phones)


def refused(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


async def answer_by_sms(api: Api, phones: Phones, person: Person, due: httpx.Response) -> httpx.Response:
    assert (due.status_code, due.json()["method"]) == (202, "sms")
    code = await phones.last_code(person.form["mobile"])
    return await api.post(f"/challenges/{due.json()['challenge_id']}", {"code": code})


def bearer(tokens: Json) -> str:
    return f"Bearer {tokens['access_token']}"


async def test_a_new_device_needs_a_code_once_and_is_remembered(
    api: Api, person: Person, phones: Phones
) -> None:
    phone = api.elsewhere()
    entered = await answer_by_sms(phone, phones, person, await log_in(phone, person.form))
    assert entered.status_code == 201

    token = entered.json()["device_token"]
    again = await log_in(phone.elsewhere(), {**person.form, "device_token": token})

    assert again.status_code == 201
    assert "device_token" not in again.json()


async def test_the_registrations_device_is_remembered_wherever_it_goes(api: Api, person: Person) -> None:
    assert (await log_in(api.elsewhere(), person.remembered)).status_code == 201
    assert (await log_in(api.elsewhere(), person.form)).status_code == 202


async def test_the_same_place_is_the_same_device_for_a_quarter_of_an_hour(
    api: Api, person: Person, clock: MovableClock
) -> None:
    clock.advance(minutes=14, seconds=59)
    assert (await log_in(api, person.form)).status_code == 201
    assert (await log_in(api, person.form, User_Agent="Another program")).status_code == 202
    clock.advance(seconds=1)
    assert (await log_in(api, person.form)).status_code == 202


async def test_a_login_on_a_remembered_device_does_not_renew_the_quarter_of_an_hour(
    api: Api, person: Person, clock: MovableClock
) -> None:
    elsewhere = api.elsewhere()
    clock.advance(minutes=20)
    assert (await log_in(elsewhere, person.remembered)).status_code == 201
    assert (await log_in(elsewhere, person.form)).status_code == 202


async def test_a_device_is_remembered_for_ninety_days(api: Api, person: Person, clock: MovableClock) -> None:
    clock.advance(days=89, hours=23)
    assert (await log_in(api, person.remembered)).status_code == 201
    clock.advance(hours=1)
    assert (await log_in(api, person.remembered)).status_code == 202


@pytest.mark.parametrize("token", ["", "x", "\ud7ff", "A" * 64, "A" * 200])
async def test_what_is_no_device_token_is_no_help_and_no_harm(api: Api, person: Person, token: str) -> None:
    answer = await log_in(api.elsewhere(), {**person.form, "device_token": token})
    assert answer.status_code == 202


async def test_another_persons_device_is_no_help(api: Api, person: Person, phones: Phones) -> None:
    stranger = await registered(api.elsewhere(), phones)
    borrowed = {**person.form, "device_token": stranger.device_token}
    assert (await log_in(api.elsewhere(), borrowed)).status_code == 202


async def test_the_owner_is_told_of_a_new_device_and_of_no_other(
    api: Api, person: Person, phones: Phones
) -> None:
    phone = api.elsewhere()
    due = await log_in(phone, person.form, User_Agent=ANDROID)
    code = await phones.last_code(person.form["mobile"])
    path = f"/challenges/{due.json()['challenge_id']}"
    entered = await phone.post(path, {"code": code}, User_Agent=ANDROID)
    await log_in(phone, {**person.form, "device_token": entered.json()["device_token"]})

    told = await phones.events(DeviceAdded.name)
    mine = [event for event in told if event["customer_id"] == person.customer_id]
    assert [event["device"] for event in mine] == ["Chrome Mobile 120, Android 13"]


async def test_devices_are_listed_and_forgotten(api: Api, person: Person) -> None:
    listed = (await api.get("/me/devices", Authorization=person.authorization)).json()["items"]
    assert len(listed) == 1
    path = f"/me/devices/{listed[0]['device_id']}"

    assert (await api.delete(path, Authorization=person.authorization)).status_code == 204

    assert refused(await api.delete(path, Authorization=person.authorization)) == (404, "not_found")
    assert (await log_in(api, person.remembered)).status_code == 202


async def test_another_persons_device_cannot_be_forgotten(api: Api, person: Person, phones: Phones) -> None:
    stranger = await registered(api.elsewhere(), phones)
    listed = (await api.get("/me/devices", Authorization=stranger.authorization)).json()["items"]
    answer = await api.delete(f"/me/devices/{listed[0]['device_id']}", Authorization=person.authorization)
    assert refused(answer) == (404, "not_found")
    assert (await log_in(api.elsewhere(), stranger.remembered)).status_code == 201


async def test_ending_a_lost_devices_session_forgets_the_device(
    api: Api, person: Person, phones: Phones
) -> None:
    phone = api.elsewhere()
    lost = (await answer_by_sms(phone, phones, person, await log_in(phone, person.form))).json()
    sessions = (await api.get("/sessions", Authorization=bearer(lost))).json()["items"]
    lost_id = next(session["session_id"] for session in sessions if session["current"])

    await api.delete(f"/sessions/{lost_id}", Authorization=person.authorization)

    assert (await log_in(phone, {**person.form, "device_token": lost["device_token"]})).status_code == 202
    assert (await log_in(api, person.remembered)).status_code == 201


async def test_logging_out_keeps_the_device_and_logging_out_everywhere_forgets_all(
    api: Api, person: Person
) -> None:
    await api.delete("/sessions/current", Authorization=person.authorization)
    back = await log_in(api, person.remembered)
    assert back.status_code == 201

    await api.delete("/sessions", Authorization=bearer(back.json()))

    assert (await log_in(api, person.remembered)).status_code == 202


async def test_a_login_that_was_begun_is_over_when_all_trust_ends(
    api: Api, person: Person, phones: Phones, service: Service, clock: MovableClock
) -> None:
    phone = api.elsewhere()
    begun = await log_in(phone, person.form)
    async with service.database.transaction() as session:
        await devices.forget_all(session, UUID(person.customer_id), clock())
    assert refused(await answer_by_sms(phone, phones, person, begun)) == (409, "code_used")
    assert (await log_in(api, person.form)).status_code == 202


async def test_the_owner_enters_on_a_known_device_while_an_attacker_fails_a_thousand_times(
    api: Api, person: Person
) -> None:
    """Whatever the attacker blocks (account, pair, the address they share), the device has its own count."""

    async def attack(attacker: Api) -> list[httpx.Response]:
        return [await log_in(attacker, {**person.form, "password": "a guess"}) for _ in range(200)]

    attackers = [api, *(api.elsewhere() for _ in range(4))]
    answers = await asyncio.gather(*map(attack, attackers))
    assert Counter(answer.status_code for batch in answers for answer in batch)[429] > 900
    assert refused(await log_in(api, person.form)) == (429, "too_many_requests")

    assert (await log_in(api, person.remembered)).status_code == 201


async def test_guesses_on_a_remembered_device_are_slowed_down_too(
    api: Api, person: Person, clock: MovableClock
) -> None:
    wrong = {**person.remembered, "password": "a guess"}
    answers = await asyncio.gather(*(log_in(api, wrong) for _ in range(50)))
    assert Counter(answer.status_code for answer in answers)[401] == 5
    assert refused(await log_in(api, person.remembered)) == (429, "too_many_requests")
    clock.advance(seconds=30)
    assert (await log_in(api, person.remembered)).status_code == 201


async def test_of_fifty_parallel_redemptions_of_a_second_factor_one_enters(
    api: Api, person: Person, phones: Phones
) -> None:
    phone = api.elsewhere()
    due = (await log_in(phone, person.form)).json()
    code = {"code": await phones.last_code(person.form["mobile"])}
    path = f"/challenges/{due['challenge_id']}"
    answers = await asyncio.gather(*(phone.post(path, code) for _ in range(50)))
    outcomes = Counter(answer.status_code for answer in answers)
    assert outcomes[201] == 1
    assert outcomes.keys() <= {201, 409, 429}
    listed = (await api.get("/me/devices", Authorization=person.authorization)).json()["items"]
    assert len(listed) == 2


async def test_of_a_hundred_parallel_wrong_guesses_of_a_second_factor_five_are_compared(
    api: Api, person: Person, phones: Phones
) -> None:
    phone = api.elsewhere()
    due = (await log_in(phone, person.form)).json()
    wrong = f"{(int(await phones.last_code(person.form['mobile'])) + 1) % 1_000_000:06d}"
    path = f"/challenges/{due['challenge_id']}"
    answers = await asyncio.gather(*(phone.post(path, {"code": wrong}) for _ in range(100)))
    assert Counter(map(refused, answers)) == {(422, "code_wrong"): 5, (429, "too_many_attempts"): 95}


async def test_the_sessions_show_the_device_and_the_network_it_came_from(api: Api, person: Person) -> None:
    tokens = (await log_in(api, person.remembered, User_Agent=ANDROID)).json()
    sessions = (await api.get("/sessions", Authorization=bearer(tokens))).json()["items"]
    mine = next(session for session in sessions if session["current"])
    assert mine["device"] == "Chrome Mobile 120, Android 13"
    assert mine["network"].endswith(".0/24")
    assert mine["device_id"] is not None
