"""Authenticator apps: enrolling one, logging in with it, its recovery codes."""

import asyncio
from collections import Counter
from urllib.parse import parse_qs, urlsplit

import httpx
import pyotp
import pytest
from sqlalchemy import text

from chassis.service import Service
from chassis.testing.clock import MovableClock
from events.identity import AuthenticatorChanged
from identity.testing import PASSWORD, Api, Person, Phones, log_in, registered


class App:
    """Somebody's authenticator app, by the clock of the test."""

    def __init__(self, secret: str, clock: MovableClock) -> None:
        self.secret = secret
        self._totp = pyotp.TOTP(secret)
        self._clock = clock

    def code(self, steps: int = 0) -> str:
        return self._totp.at(int(self._clock().timestamp()) + 30 * steps)

    def next_code(self) -> str:
        """Of a later step than any before."""
        self._clock.advance(seconds=30)
        return self.code()

    def wrong_code(self) -> str:
        near = {self.code(steps) for steps in (-1, 0, 1)}
        return next(code for code in ("000000", "111111", "222222", "333333") if code not in near)


@pytest.fixture
async def person(api: Api, phones: Phones) -> Person:
    return await registered(api, phones)


def refused(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


async def begin(api: Api, person: Person, clock: MovableClock) -> App:
    begun = await api.post("/me/authenticator", Authorization=person.authorization)
    assert begun.status_code == 201
    return App(begun.json()["secret"], clock)


async def confirm(api: Api, person: Person, code: str) -> httpx.Response:
    return await api.post(
        "/me/authenticator/confirmation", {"code": code}, Authorization=person.authorization
    )


@pytest.fixture
async def app(api: Api, person: Person, clock: MovableClock) -> App:
    begun = await begin(api, person, clock)
    assert (await confirm(api, person, begun.code())).status_code == 201
    return begun


@pytest.fixture
async def recovery_codes(api: Api, person: Person, app: App) -> list[str]:
    renewed = await api.post(
        "/me/authenticator/recovery-codes", {"code": app.next_code()}, Authorization=person.authorization
    )
    codes: list[str] = renewed.json()["recovery_codes"]
    return codes


async def due(api: Api, person: Person) -> str:
    """The path of a challenge on a device that nobody knows."""
    answer = await log_in(api.elsewhere(), person.form)
    assert (answer.status_code, answer.json()["method"]) == (202, "totp")
    return f"/challenges/{answer.json()['challenge_id']}"


async def test_an_app_is_enrolled_with_its_first_code_and_answers_ten_recovery_codes(
    api: Api, person: Person, clock: MovableClock
) -> None:
    begun = await api.post("/me/authenticator", Authorization=person.authorization)
    uri = urlsplit(begun.json()["otpauth_uri"])
    assert (uri.scheme, uri.netloc) == ("otpauth", "totp")
    assert parse_qs(uri.query) == {"secret": [begun.json()["secret"]], "issuer": ["Nobat"]}

    confirmed = await confirm(api, person, App(begun.json()["secret"], clock).code())

    assert len(set(confirmed.json()["recovery_codes"])) == 10
    status = (await api.get("/me/authenticator", Authorization=person.authorization)).json()
    assert (status["enrolled"], status["recovery_codes_left"]) == (True, 10)


async def test_an_app_that_is_not_confirmed_changes_nothing(
    api: Api, person: Person, clock: MovableClock
) -> None:
    app = await begin(api, person, clock)
    assert refused(await confirm(api, person, app.wrong_code())) == (422, "code_wrong")
    assert (await log_in(api.elsewhere(), person.form)).json()["method"] == "sms"


async def test_beginning_again_replaces_what_was_begun(api: Api, person: Person, clock: MovableClock) -> None:
    first, second = await begin(api, person, clock), await begin(api, person, clock)
    assert refused(await confirm(api, person, first.code())) == (422, "code_wrong")
    assert (await confirm(api, person, second.code())).status_code == 201


async def test_a_second_app_is_refused(api: Api, person: Person, app: App) -> None:
    again = await api.post("/me/authenticator", Authorization=person.authorization)
    assert refused(again) == (409, "already_enrolled")
    assert refused(await confirm(api, person, app.next_code())) == (409, "not_enrolled")


async def test_a_while_after_the_login_enrolling_takes_the_password(
    api: Api, person: Person, clock: MovableClock
) -> None:
    clock.advance(minutes=15)
    tokens = (await api.post("/sessions/refresh", {"refresh_token": person.tokens["refresh_token"]})).json()
    headers = {"Authorization": f"Bearer {tokens['access_token']}"}

    assert refused(await api.post("/me/authenticator", **headers)) == (403, "password_required")
    wrong = await api.post("/me/authenticator", {"password": "not it"}, **headers)
    assert refused(wrong) == (422, "password_wrong")
    assert (await api.post("/me/authenticator", {"password": PASSWORD}, **headers)).status_code == 201


async def test_a_new_device_needs_the_apps_code_and_no_sms(
    api: Api, person: Person, app: App, phones: Phones
) -> None:
    sent = len(await phones.codes(person.form["mobile"]))
    entered = await api.post(await due(api, person), {"code": app.next_code()})
    assert entered.status_code == 201
    assert entered.json()["device_token"]
    assert len(await phones.codes(person.form["mobile"])) == sent


async def test_a_remembered_device_is_not_asked(api: Api, person: Person, app: App) -> None:
    assert (await log_in(api.elsewhere(), person.remembered)).status_code == 201


async def test_a_login_by_code_needs_the_apps_code_as_well(
    api: Api, person: Person, app: App, phones: Phones
) -> None:
    typed = {name: person.form[name] for name in ("national_code", "mobile")}
    asked = (await api.post("/sessions/code", typed)).json()
    sms = {"code": await phones.last_code(person.form["mobile"])}

    first = await api.post(f"/challenges/{asked['challenge_id']}", sms)

    assert (first.status_code, first.json()["method"]) == (202, "totp")
    second = f"/challenges/{first.json()['challenge_id']}"
    assert refused(await api.post(f"/challenges/{asked['challenge_id']}", sms)) == (409, "code_used")
    assert refused(await api.post(second, sms)) == (422, "code_wrong")
    assert (await api.post(second, {"code": app.next_code()})).status_code == 201


async def test_a_time_step_is_used_once(api: Api, person: Person, app: App) -> None:
    code = app.next_code()
    assert (await api.post(await due(api, person), {"code": code})).status_code == 201
    assert refused(await api.post(await due(api, person), {"code": code})) == (409, "code_used")
    earlier = {"code": app.code(-1)}
    assert refused(await api.post(await due(api, person), earlier)) == (409, "code_used")


@pytest.mark.parametrize(("steps", "status"), [(-2, 422), (-1, 201), (0, 201), (1, 201), (2, 422)])
async def test_a_phone_may_go_half_a_minute_wrong(
    api: Api, person: Person, app: App, clock: MovableClock, steps: int, status: int
) -> None:
    clock.advance(minutes=5)
    assert (await api.post(await due(api, person), {"code": app.code(steps)})).status_code == status


async def test_of_twenty_parallel_logins_with_one_step_one_enters(api: Api, person: Person, app: App) -> None:
    paths = [await due(api, person) for _ in range(20)]
    code = app.next_code()
    answers = await asyncio.gather(*(api.elsewhere().post(path, {"code": code}) for path in paths))
    assert Counter(answer.status_code for answer in answers)[201] == 1


async def test_guesses_at_the_apps_code_are_counted_over_all_challenges(
    api: Api, person: Person, app: App
) -> None:
    """Who knows the password may begin as many logins as they like."""
    outcomes: Counter[tuple[int, str]] = Counter()
    for _ in range(10):
        path, guesser = await due(api, person), api.elsewhere()
        for _ in range(5):
            outcomes[refused(await guesser.post(path, {"code": app.wrong_code()}))] += 1
    assert outcomes[422, "code_wrong"] <= 15
    assert outcomes.keys() <= {(422, "code_wrong"), (429, "too_many_requests")}


async def test_a_recovery_code_stands_in_for_the_app_once(
    api: Api, person: Person, recovery_codes: list[str]
) -> None:
    code = recovery_codes[3].lower().replace("0", "o")
    assert (await api.post(await due(api, person), {"code": code})).status_code == 201
    assert refused(await api.post(await due(api, person), {"code": code})) == (422, "code_wrong")
    status = (await api.get("/me/authenticator", Authorization=person.authorization)).json()
    assert status["recovery_codes_left"] == 9


async def test_of_ten_parallel_uses_of_a_recovery_code_one_enters(
    api: Api, person: Person, recovery_codes: list[str]
) -> None:
    paths = [await due(api, person) for _ in range(10)]
    answers = await asyncio.gather(*(api.post(path, {"code": recovery_codes[0]}) for path in paths))
    assert Counter(answer.status_code for answer in answers)[201] == 1


async def test_new_recovery_codes_replace_the_old_ones(
    api: Api, person: Person, app: App, recovery_codes: list[str]
) -> None:
    body = {"code": app.next_code()}
    headers = {"Authorization": person.authorization}
    renewed = (await api.post("/me/authenticator/recovery-codes", body, **headers)).json()["recovery_codes"]
    assert refused(await api.post(await due(api, person), {"code": recovery_codes[0]})) == (422, "code_wrong")
    assert (await api.post(await due(api, person), {"code": renewed[0]})).status_code == 201


@pytest.mark.parametrize("wrong", ["password", "code"])
async def test_an_app_is_taken_away_only_with_password_and_code(
    api: Api, person: Person, app: App, wrong: str
) -> None:
    right = {"password": PASSWORD, "code": app.next_code()}
    guess = {**right, wrong: {"password": "not it", "code": app.wrong_code()}[wrong]}
    headers = {"Authorization": person.authorization}

    assert refused(await api.call("DELETE", "/me/authenticator", guess, **headers)) == (422, f"{wrong}_wrong")
    assert (await api.call("DELETE", "/me/authenticator", right, **headers)).status_code == 204

    assert (await log_in(api.elsewhere(), person.form)).json()["method"] == "sms"


async def test_the_owner_is_told_of_every_change(
    api: Api, person: Person, app: App, recovery_codes: list[str], phones: Phones
) -> None:
    await api.post(await due(api, person), {"code": recovery_codes[0]})
    body = {"password": PASSWORD, "code": app.next_code()}
    await api.call("DELETE", "/me/authenticator", body, Authorization=person.authorization)
    told = await phones.events(AuthenticatorChanged.name)
    assert [event["change"] for event in told if event["customer_id"] == person.customer_id] == [
        "enrolled",
        "recovery_codes_renewed",
        "recovery_code_used",
        "removed",
    ]


async def test_a_copy_of_the_database_shows_neither_secret_nor_recovery_codes(
    api: Api, app: App, recovery_codes: list[str], service: Service
) -> None:
    async with service.database.transaction() as session:
        secrets = await session.scalars(text("SELECT secret FROM authenticators"))
        assert all(app.secret.encode() not in secret for secret in secrets)
        hashes = list(await session.scalars(text("SELECT code_hash FROM recovery_codes")))
    assert all(stored.startswith("$argon2id$") for stored in hashes)
    plain = recovery_codes[0].replace("-", "")
    assert not any(plain[2:] in stored for stored in hashes)


@pytest.mark.parametrize("code", ["", "12345", "1234567", "ABCDEFGHIJ!", None, 123456])
async def test_what_is_no_code_is_refused_as_such(api: Api, person: Person, app: App, code: object) -> None:
    answer = await api.post(await due(api, person), {"code": code})
    assert refused(answer) == (422, "invalid_fields")
