"""New devices, authenticator apps and disabled accounts, through the gateway."""

import time
from functools import partial

import httpx
import pyotp
import pytest

from chassis.testing.eventually import eventually
from nobat.testing.person import Person
from nobat.testing.system import System
from nobat.testing.visitor import Json, Visitor, answer

PHONE = {"user-agent": "Mozilla/5.0 (Android 14; Mobile; rv:121.0) Gecko/121.0 Firefox/121.0"}
TABLET = {"user-agent": "Mozilla/5.0 (Android 14; Tablet; rv:121.0) Gecko/121.0 Firefox/121.0"}
REFUSED_WITHIN = 60


@pytest.fixture(scope="session")
async def admin(system: System, api: httpx.AsyncClient, simulators: httpx.AsyncClient) -> Visitor:
    visitor = Visitor(api, simulators, Person.of_staff("admin", system.staff_password))
    await visitor.log_in()
    return visitor


async def log_in_on(device: dict[str, str], buyer: Visitor) -> Json:
    """What is due on a device that nobody knows."""
    credentials = {"national_code": buyer.person.national_code, "password": buyer.person.password}
    return answer(await buyer.ask("POST", "/sessions", credentials, **device), 202)


async def test_a_new_device_needs_a_code_and_the_owner_is_told(buyer: Visitor) -> None:
    sent = len(await buyer.codes())
    due = await log_in_on(PHONE, buyer)
    assert due["method"] == "sms"
    code = {"code": await buyer.new_code(after=sent)}
    entered = answer(await buyer.ask("POST", f"/challenges/{due['challenge_id']}", code, **PHONE), 201)

    assert "Firefox" in await buyer.text_with("دستگاهی تازه")
    credentials = buyer.credentials() | {"device_token": entered["device_token"]}
    answer(await buyer.ask("POST", "/sessions", credentials, **PHONE), 201)


async def test_with_an_authenticator_app_a_new_device_needs_its_code(buyer: Visitor) -> None:
    begun = await buyer.post("/me/authenticator")
    app, step = pyotp.TOTP(begun["secret"]), int(time.time())
    confirmed = await buyer.post("/me/authenticator/confirmation", {"code": app.at(step)})
    assert len(confirmed["recovery_codes"]) == 10
    await buyer.text_with("برنامه رمزساز")

    due = await log_in_on(PHONE, buyer)
    assert due["method"] == "totp"
    code = {"code": app.at(step + 30)}
    answer(await buyer.ask("POST", f"/challenges/{due['challenge_id']}", code, **PHONE), 201)

    due = await log_in_on(TABLET, buyer)
    code = {"code": confirmed["recovery_codes"][0]}
    answer(await buyer.ask("POST", f"/challenges/{due['challenge_id']}", code, **TABLET), 201)


async def test_staff_are_told_until_when_a_code_by_sms_will_do(admin: Visitor) -> None:
    renewed = await admin.post("/sessions/refresh", {"refresh_token": admin.refresh_token})
    admin.keep(renewed)
    assert renewed["authenticator_due_by"]


async def test_the_tokens_of_a_disabled_account_are_refused_everywhere(
    buyer: Visitor, admin: Visitor
) -> None:
    me = (await buyer.get("/me"))["customer_id"]
    await buyer.get("/orders")
    await admin.post(f"/staff/customers/{me}/disablement", {"reason": "suspected_theft"}, 204)

    for path in ("/orders", "/messages"):
        refused = await eventually(
            partial(buyer.ask, "GET", path),
            lambda response: response.status_code == httpx.codes.UNAUTHORIZED,
            within=REFUSED_WITHIN,
            every=0.5,
        )
        assert refused.json()["code"] == "session_ended"
    await buyer.text_with("حساب شما در نوبت بسته شد")
    await buyer.post("/sessions", buyer.credentials(), 401)

    answer(await admin.ask("DELETE", f"/staff/customers/{me}/disablement"), 204)
    await buyer.log_in()
