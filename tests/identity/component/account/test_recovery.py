"""A forgotten password: a code to the mobile, a new password, and everything else ends."""

import asyncio
from collections import Counter
from typing import Any
from uuid import uuid4

import httpx
import pyotp
import pytest

from chassis.service import Service
from chassis.testing.clock import MovableClock
from events.identity import PasswordChanged
from identity.customers.testing import Owner
from identity.staff.testing import trail
from identity.testing import PASSWORD, Api, Json, Phones, form, log_in
from iran import to_persian_digits

NEW = "کوه و دریا ۱۴۰۵"


def refused(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


def fields(problem: dict[str, Any]) -> dict[str, str]:
    return {error["field"]: error["code"] for error in problem["errors"]}


def known(typed: Json) -> Json:
    return {name: to_persian_digits(typed[name]) for name in ("national_code", "mobile")}


async def ask(api: Api, typed: Json) -> str:
    sent = await api.post("/password-resets", known(typed))
    assert sent.status_code == 202, sent.text
    return f"/password-resets/{sent.json()['reset_id']}"


def new(code: str, password: str = NEW, **more: str) -> Json:
    return {"code": code, "new_password": password, **more}


async def test_the_code_and_a_new_password_open_the_account_again(
    owner: Owner, api: Api, phones: Phones, service: Service
) -> None:
    typed = owner.person.form
    path = await ask(api, typed)
    done = await api.post(path, new(to_persian_digits(await phones.last_code(typed["mobile"]))))
    assert (done.status_code, done.content) == (204, b"")

    assert (await log_in(api, typed)).status_code == 401
    assert (await log_in(api, typed | {"password": NEW})).status_code in {201, 202}
    (told,) = [e for e in await phones.events(PasswordChanged.name) if e["customer_id"] == owner.id]
    assert told["by"] == "code"
    assert (await trail(service, owner.id))[-1].action == "identity.password.changed"


async def test_all_sessions_and_devices_end(owner: Owner, api: Api, phones: Phones) -> None:
    path = await ask(api, owner.person.form)
    await api.post(path, new(await phones.last_code(owner.person.form["mobile"])))

    assert (await owner.call("GET", "/me")).status_code == 401
    refresh = {"refresh_token": owner.person.tokens["refresh_token"]}
    assert (await api.post("/sessions/refresh", refresh)).status_code == 401
    remembered = owner.person.remembered | {"password": NEW}
    assert (await log_in(owner.api, remembered)).status_code == 202


@pytest.mark.parametrize("stranger", ["unknown", "another's mobile"])
async def test_nobody_learns_whether_somebody_has_an_account(
    owner: Owner, api: Api, phones: Phones, stranger: str
) -> None:
    typed = form() if stranger == "unknown" else owner.person.form | {"mobile": form()["mobile"]}
    right = await api.post("/password-resets", known(owner.person.form))
    other = await api.post("/password-resets", known(typed))

    assert (right.status_code, right.json().keys()) == (other.status_code, other.json().keys())
    assert await phones.codes(typed["mobile"]) == []
    path = f"/password-resets/{other.json()['reset_id']}"
    left = [(await api.post(path, new("000000"))).json().get("tries_left") for _ in range(6)]
    assert left == [4, 3, 2, 1, 0, None]


async def test_a_forgotten_password_is_not_recovered_without_the_code(
    owner: Owner, api: Api, phones: Phones
) -> None:
    path = await ask(api, owner.person.form)
    for body, expected in [
        ({"new_password": NEW}, {"code": "missing"}),
        ({"code": "123456"}, {"new_password": "missing"}),
        (new("12"), {"code": "code_format"}),
        (new("123456", "password"), {"new_password": "password_common"}),
        (new("123456", verified="true"), {"verified": "extra_forbidden"}),
    ]:
        answer = await api.post(path, body)
        assert (answer.status_code, fields(answer.json())) == (422, expected)
    assert (await log_in(owner.api, owner.person.form)).status_code in {201, 202}


async def test_a_personal_password_is_refused_and_the_code_still_counts(
    owner: Owner, api: Api, phones: Phones
) -> None:
    typed = owner.person.form
    path, code = await ask(api, typed), await phones.last_code(typed["mobile"])
    for password, rule in [
        (typed["national_code"], "password_own_number"),
        ("زهرا محمدی", "password_personal"),
    ]:
        answer = await api.post(path, new(code, password))
        assert (answer.status_code, fields(answer.json())) == (422, {"new_password": rule})
    assert (await api.post(path, new(code))).status_code == 204


async def test_a_late_code_is_sent_again_for_a_quarter_of_an_hour(
    owner: Owner, api: Api, phones: Phones, clock: MovableClock
) -> None:
    mobile = owner.person.form["mobile"]
    path, late = await ask(api, owner.person.form), await phones.last_code(mobile)
    early = await api.post(f"{path}/code")
    assert refused(early) == (429, "too_many_requests")
    clock.advance(minutes=3)
    assert refused(await api.post(path, new(late))) == (410, "code_expired")
    assert (await api.post(f"{path}/code")).status_code == 202
    assert (await api.post(path, new(await phones.last_code(mobile)))).status_code == 204

    gone = await ask(api.elsewhere(), form())
    clock.advance(minutes=15)
    for answer in (await api.post(gone, new("123456")), await api.post(f"{gone}/code")):
        assert refused(answer) == (404, "not_found")
    assert refused(await api.post(f"/password-resets/{uuid4()}", new("123456"))) == (404, "not_found")


async def test_a_done_recovery_ends_the_other_requests_of_the_person(
    owner: Owner, api: Api, phones: Phones, clock: MovableClock
) -> None:
    mobile = owner.person.form["mobile"]
    first, first_code = await ask(api, owner.person.form), await phones.last_code(mobile)
    clock.advance(seconds=60)
    second, second_code = await ask(api, owner.person.form), await phones.last_code(mobile)
    assert (await api.post(second, new(second_code))).status_code == 204
    assert refused(await api.post(first, new(first_code, "another good one"))) == (410, "reset_ended")
    assert refused(await api.post(second, new(second_code))) == (409, "code_used")
    assert refused(await api.post(f"{first}/code")) == (410, "reset_ended")


async def test_of_fifty_parallel_redemptions_one_sets_the_password(
    owner: Owner, api: Api, phones: Phones
) -> None:
    path = await ask(api, owner.person.form)
    code = await phones.last_code(owner.person.form["mobile"])
    answers = await asyncio.gather(*(api.post(path, new(code, f"{NEW} {n}")) for n in range(50)))
    outcomes = Counter(answer.status_code for answer in answers)
    assert outcomes[204] == 1
    assert outcomes.keys() <= {204, 409, 410, 429}
    assert len([e for e in await phones.events(PasswordChanged.name) if e["customer_id"] == owner.id]) == 1


async def test_whoever_has_an_authenticator_app_is_asked_for_its_code(
    owner: Owner, api: Api, phones: Phones, clock: MovableClock
) -> None:
    enrolling = await owner.call("POST", "/me/authenticator", {"password": PASSWORD})
    app = pyotp.TOTP(enrolling.json()["secret"])
    confirming = {"code": app.at(clock())}
    assert (await owner.call("POST", "/me/authenticator/confirmation", confirming)).status_code < 300
    path = await ask(api, owner.person.form)
    code = await phones.last_code(owner.person.form["mobile"])

    needed = await api.post(path, new(code))
    assert (refused(needed), fields(needed.json())) == (
        (422, "authenticator_code_needed"),
        {"authenticator_code": "authenticator_code_needed"},
    )
    clock.advance(seconds=30)
    wrong = f"{(int(app.at(clock())) + 1) % 1_000_000:06d}"
    answer = await api.post(path, new(code, authenticator_code=wrong))
    assert fields(answer.json()) == {"authenticator_code": "code_wrong"}
    assert (await api.post(path, new(code, authenticator_code=app.at(clock())))).status_code == 204


async def test_a_paused_guesser_who_recovers_may_log_in_at_once(owner: Owner, phones: Phones) -> None:
    typed = owner.person.form
    for _ in range(6):
        paused = await log_in(owner.api, typed | {"password": "not the password"})
    assert paused.status_code == 429
    path = await ask(owner.api, typed)
    await owner.api.post(path, new(await phones.last_code(typed["mobile"])))
    assert (await log_in(owner.api, typed | {"password": NEW})).status_code in {201, 202}
