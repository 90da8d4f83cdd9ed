"""Changing one's password."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from chassis.service import Service
from chassis.testing.clock import MovableClock
from events.identity import PasswordChanged
from identity.customers.testing import Owner
from identity.staff.testing import trail
from identity.testing import PASSWORD, Api, Json, Phones, log_in

NewOwner = Callable[..., Awaitable[Owner]]
NEW = "کوه و دریا ۱۴۰۵"


def change(current: str = PASSWORD, new: str = NEW) -> Json:
    return {"current_password": current, "new_password": new}


def fields(problem: dict[str, Any]) -> dict[str, str]:
    return {error["field"]: error["code"] for error in problem["errors"]}


async def test_the_new_password_opens_and_the_old_one_does_not(owner: Owner, api: Api) -> None:
    await owner.ok("POST", "/me/password", change(), status=204)
    assert (await log_in(api, owner.person.form)).status_code == 401
    opened = await log_in(owner.api, owner.person.form | {"password": NEW})
    assert opened.status_code in {201, 202}


async def test_the_other_sessions_and_devices_end_and_the_present_one_goes_on(
    owner: Owner, api: Api, phones: Phones, service: Service
) -> None:
    elsewhere = await log_in(owner.api, owner.person.remembered)
    other = elsewhere.json()
    assert (await owner.ok("GET", "/me/devices"))["items"]

    await owner.ok("POST", "/me/password", change(), status=204)

    assert [row["current"] for row in (await owner.ok("GET", "/sessions"))["items"]] == [True]
    assert (await owner.ok("GET", "/me/devices"))["items"] == []
    ended = await api.post("/sessions/refresh", {"refresh_token": other["refresh_token"]})
    assert (ended.status_code, ended.json()["code"]) == (401, "session_ended")
    (told,) = [e for e in await phones.events(PasswordChanged.name) if e["customer_id"] == owner.id]
    assert told["by"] == "password"
    assert (await trail(service, owner.id))[-1].action == "identity.password.changed"


async def test_a_wrong_present_password_changes_nothing_and_keeps_the_session(owner: Owner) -> None:
    refused = await owner.call("POST", "/me/password", change(current="not the password"))
    assert (refused.status_code, fields(refused.json())) == (422, {"current_password": "password_wrong"})
    assert (await owner.me())["version"] == 1
    assert (await log_in(owner.api, owner.person.form)).status_code in {201, 202}


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({}, {"current_password": "missing", "new_password": "missing"}),
        ({"new_password": NEW}, {"current_password": "missing"}),
        ({"current_password": PASSWORD}, {"new_password": "missing"}),
        (change(new="short"), {"new_password": "string_too_short"}),
        (change(new="password123"), {"new_password": "password_common"}),
        (change(new="محمدی زهرا"), {"new_password": "password_personal"}),
        (change(new="1369/02/22"), {"new_password": "password_personal"}),
        ({**change(), "customer_id": "1"}, {"customer_id": "extra_forbidden"}),
    ],
)
async def test_a_password_is_refused_with_its_rule(owner: Owner, body: Json, expected: Json) -> None:
    refused = await owner.call("POST", "/me/password", body)
    assert (refused.status_code, fields(refused.json())) == (422, expected)
    assert (await log_in(owner.api, owner.person.form)).status_code in {201, 202}


async def test_ones_own_numbers_are_no_new_password(owner: Owner) -> None:
    for number in ("national_code", "mobile"):
        refused = await owner.call("POST", "/me/password", change(new=owner.person.form[number]))
        assert fields(refused.json()) == {"new_password": "password_own_number"}


async def test_guessing_the_present_password_is_slowed_down_like_logging_in(
    owner: Owner, clock: MovableClock
) -> None:
    for _ in range(5):
        await owner.call("POST", "/me/password", change(current="not the password"))
    paused = await owner.call("POST", "/me/password", change())
    assert (paused.status_code, paused.headers["retry-after"]) == (429, "30")
    clock.advance(seconds=30)
    await owner.ok("POST", "/me/password", change(), status=204)


async def test_of_parallel_changes_one_counts(owner: Owner) -> None:
    wishes = [f"کوه و دریا {number}" for number in range(8)]
    answers = await asyncio.gather(*(owner.call("POST", "/me/password", change(new=wish)) for wish in wishes))
    outcomes = Counter(answer.status_code for answer in answers)
    assert outcomes[204] == 1
    assert outcomes.keys() <= {204, 422, 429}
    won = wishes[[answer.status_code for answer in answers].index(204)]
    opened = await log_in(owner.api.elsewhere(), owner.person.form | {"password": won})
    assert opened.status_code in {201, 202}


async def test_nobody_who_is_not_logged_in_changes_a_password(api: Api) -> None:
    assert (await api.post("/me/password", change())).status_code == 401
