"""Staff and their authenticator apps: roles come with one, and for a while after the appointment without."""

from collections.abc import AsyncIterator

import httpx
import pyotp
import pytest

from chassis.service import Service
from chassis.testing.clock import MovableClock
from identity.app import build
from identity.config import Settings
from identity.staff.seed import appoint_staff
from identity.testing import Api, Json, Phones, form, log_in

GRACE = 3600


@pytest.fixture(params=[0, GRACE], ids=["strict", "lenient"])
def grace(request: pytest.FixtureRequest) -> int:
    seconds: int = request.param
    return seconds


@pytest.fixture
async def service(settings: Settings, clock: MovableClock, grace: int) -> AsyncIterator[Service]:
    told = settings.model_copy(update={"staff_totp_after": grace})
    async with build(told, clock=clock).opened() as opened:
        yield opened


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


async def enter_by_sms(api: Api, phones: Phones, typed: Json) -> Json:
    due = (await log_in(api, typed)).json()
    assert due["method"] == "sms"
    code = {"code": await phones.last_code(typed["mobile"])}
    entered: Json = (await api.post(f"/challenges/{due['challenge_id']}", code)).json()
    return entered


async def refresh(api: Api, tokens: Json) -> Json:
    renewed: Json = (await api.post("/sessions/refresh", {"refresh_token": tokens["refresh_token"]})).json()
    return renewed


async def roles(api: Api, tokens: Json) -> list[str] | str:
    """The roles, or why nothing may be done."""
    me = await api.get("/me", Authorization=f"Bearer {tokens['access_token']}")
    found: list[str] | str = me.json()["roles"] if me.status_code == 200 else me.json()["code"]
    return found


async def enrol(api: Api, tokens: Json, clock: MovableClock) -> pyotp.TOTP:
    headers = {"Authorization": f"Bearer {tokens['access_token']}"}
    app = pyotp.TOTP((await api.post("/me/authenticator", **headers)).json()["secret"])
    code = {"code": app.at(int(clock().timestamp()))}
    confirmed = await api.post("/me/authenticator/confirmation", code, **headers)
    assert confirmed.status_code == 201
    return app


@pytest.mark.parametrize("grace", [GRACE], indirect=True)
async def test_for_a_while_a_code_by_sms_gives_the_roles_and_tells_until_when(
    api: Api, manager: Json, phones: Phones, clock: MovableClock
) -> None:
    entered = await enter_by_sms(api, phones, manager)
    assert await roles(api, entered) == ["manager"]
    assert entered["authenticator_due_by"] > clock().isoformat()[:19]

    clock.advance(seconds=GRACE - 1)
    entered = await refresh(api, entered)
    assert await roles(api, entered) == ["manager"]
    clock.advance(seconds=1)
    late = await refresh(api, entered)
    assert (late["scope"], await roles(api, late)) == ("enrolment", "authenticator_required")


@pytest.mark.parametrize("grace", [0], indirect=True)
async def test_password_and_sms_alone_open_nothing_but_the_enrolment(
    api: Api, manager: Json, phones: Phones
) -> None:
    entered = await enter_by_sms(api, phones, manager)
    headers = {"Authorization": f"Bearer {entered['access_token']}"}

    assert entered["scope"] == "enrolment"
    for path in ("/me", "/sessions", "/me/devices", "/staff/members"):
        refused: httpx.Response = await api.get(path, **headers)
        assert (refused.status_code, refused.json()["code"]) == (403, "authenticator_required")
    assert (await api.get("/me/authenticator", **headers)).status_code == 200
    assert (await api.delete("/sessions/current", **headers)).status_code == 204


async def test_who_enrols_has_the_roles_from_the_next_refresh_on(
    api: Api, manager: Json, phones: Phones, clock: MovableClock
) -> None:
    entered = await enter_by_sms(api, phones, manager)
    await enrol(api, entered, clock)
    renewed = await refresh(api, entered)
    assert await roles(api, renewed) == ["manager"]
    assert renewed.keys() == {"access_token", "refresh_token", "token_type", "expires_in"}


async def test_enrolled_staff_log_in_with_the_app_on_every_device(
    api: Api, manager: Json, phones: Phones, clock: MovableClock
) -> None:
    app = await enrol(api, await enter_by_sms(api, phones, manager), clock)
    device: Json = {}
    for _ in range(2):
        clock.advance(seconds=30)
        due = (await log_in(api, {**manager, **device})).json()
        assert due["method"] == "totp"
        code = {"code": app.at(int(clock().timestamp()))}
        entered = (await api.post(f"/challenges/{due['challenge_id']}", code)).json()
        device = {"device_token": entered["device_token"]}
        assert await roles(api, entered) == ["manager"]


@pytest.mark.parametrize("grace", [0], indirect=True)
async def test_who_takes_the_app_away_has_no_roles_from_the_next_refresh_on(
    api: Api, manager: Json, phones: Phones, clock: MovableClock
) -> None:
    entered = await enter_by_sms(api, phones, manager)
    app = await enrol(api, entered, clock)
    renewed = await refresh(api, entered)
    clock.advance(seconds=30)
    body = {"password": manager["password"], "code": app.at(int(clock().timestamp()))}
    bearer = f"Bearer {renewed['access_token']}"
    assert (await api.call("DELETE", "/me/authenticator", body, Authorization=bearer)).status_code == 204

    late = await refresh(api, renewed)

    assert (late["scope"], await roles(api, late)) == ("enrolment", "authenticator_required")


@pytest.mark.parametrize("grace", [24 * GRACE], indirect=True)
async def test_a_session_of_staff_ends_after_two_idle_hours_and_twelve_in_all(
    api: Api, manager: Json, phones: Phones, clock: MovableClock
) -> None:
    busy, idle = [await enter_by_sms(api, phones, manager) for _ in range(2)]
    for _ in range(6):
        clock.advance(minutes=119)
        busy = await refresh(api, busy)
    assert (await refresh(api, idle))["code"] == "session_ended"
    assert await roles(api, busy) == ["manager"]
    clock.advance(minutes=6)
    assert (await refresh(api, busy))["code"] == "session_ended"


@pytest.mark.parametrize("grace", [GRACE], indirect=True)
async def test_a_second_appointment_does_not_begin_the_time_anew(
    api: Api, manager: Json, phones: Phones, service: Service, clock: MovableClock
) -> None:
    clock.advance(seconds=GRACE)
    await appoint_staff(
        service,
        national_code=manager["national_code"],
        mobile=manager["mobile"],
        password=manager["password"],
        first_name="مریم",
        last_name="راد",
        roles=["manager", "finance"],
    )
    assert (await enter_by_sms(api, phones, manager))["scope"] == "enrolment"
