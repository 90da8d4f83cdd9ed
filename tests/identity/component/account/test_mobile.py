"""Changing the mobile: proven first, and the old one is told."""

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import uuid4

import httpx
import pytest

from chassis.service import Service
from chassis.testing.clock import MovableClock
from events.identity import CustomerChanged, MobileChanged
from identity.customers.testing import Owner
from identity.staff.testing import trail
from identity.testing import PASSWORD, Api, Json, Phones, form
from iran import to_persian_digits

NewOwner = Callable[..., Awaitable[Owner]]


def refused(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


def fields(problem: dict[str, Any]) -> dict[str, str]:
    return {error["field"]: error["code"] for error in problem["errors"]}


def wish(mobile: str, password: str = PASSWORD) -> Json:
    return {"mobile": mobile, "password": password}


@pytest.fixture
def new_mobile() -> str:
    mobile: str = form()["mobile"]
    return mobile


async def ask(owner: Owner, mobile: str) -> Json:
    sent: Json = await owner.ok("POST", "/me/mobile", wish(to_persian_digits(mobile)), status=202)
    return sent


async def confirm(owner: Owner, challenge_id: str, code: str) -> httpx.Response:
    body = {"challenge_id": challenge_id, "code": to_persian_digits(code)}
    return await owner.call("POST", "/me/mobile/confirmation", body)


async def test_the_new_mobile_counts_once_its_code_is_confirmed(
    owner: Owner, phones: Phones, new_mobile: str, service: Service
) -> None:
    old = owner.person.form["mobile"]
    sent = await ask(owner, new_mobile)
    assert sent["resend_after"] == 60
    assert (await owner.me())["mobile"] == f"{old[:4]}*****{old[-2:]}"

    answer = await confirm(owner, sent["challenge_id"], await phones.last_code(new_mobile))

    assert answer.json() == {"version": 2, "applied": ["mobile"], "pending": []}
    assert (await owner.me())["mobile"] == f"{new_mobile[:4]}*****{new_mobile[-2:]}"
    changed = [e for e in await phones.events(CustomerChanged.name) if e["customer_id"] == owner.id]
    contact = phones.open(changed[-1]["contact"], f"{CustomerChanged.name}.contact")
    assert (changed[-1]["changed"], contact["mobile"]) == (["mobile"], new_mobile)
    (told,) = [e for e in await phones.events(MobileChanged.name) if e["customer_id"] == owner.id]
    notice = phones.open(told["notice"], f"{MobileChanged.name}.notice")
    assert notice == {"mobile": old, "new_mobile": f"{new_mobile[:4]}*****{new_mobile[-2:]}"}
    assert (await trail(service, owner.id))[-1].action == "identity.mobile.changed"
    asked = {row["kind"]: row["state"] for row in (await owner.ok("GET", "/me/inquiries"))["items"]}
    assert asked["mobile_owner"] == "pending"


async def test_afterwards_codes_to_log_in_go_to_the_new_mobile_only(
    owner: Owner, api: Api, phones: Phones, new_mobile: str
) -> None:
    national_code, old = owner.person.form["national_code"], owner.person.form["mobile"]
    begun = await api.post("/sessions/code", {"national_code": national_code, "mobile": old})
    old_code = await phones.last_code(old)
    sent = await ask(owner, new_mobile)
    await confirm(owner, sent["challenge_id"], await phones.last_code(new_mobile))

    late = await api.post(f"/challenges/{begun.json()['challenge_id']}", {"code": old_code})
    assert refused(late) == (409, "code_used")
    codes = len(await phones.codes(old))
    stranger = api.elsewhere()
    await stranger.post("/sessions/code", {"national_code": national_code, "mobile": old})
    assert len(await phones.codes(old)) == codes
    await stranger.post("/sessions/code", {"national_code": national_code, "mobile": new_mobile})
    assert len(await phones.codes(new_mobile)) == 2


async def test_a_wrong_password_sends_nothing(owner: Owner, phones: Phones, new_mobile: str) -> None:
    answer = await owner.call("POST", "/me/mobile", wish(new_mobile, "not the password"))
    assert (answer.status_code, fields(answer.json())) == (422, {"password": "password_wrong"})
    assert await phones.codes(new_mobile) == []


async def test_the_present_mobile_is_no_new_one(owner: Owner) -> None:
    answer = await owner.call("POST", "/me/mobile", wish(owner.person.form["mobile"]))
    assert (answer.status_code, fields(answer.json())) == (422, {"mobile": "mobile_unchanged"})


async def test_wrong_late_and_used_codes_are_refused(
    owner: Owner, phones: Phones, new_mobile: str, clock: MovableClock
) -> None:
    sent = await ask(owner, new_mobile)
    code = await phones.last_code(new_mobile)
    wrong = f"{(int(code) + 1) % 1_000_000:06d}"
    assert refused(await confirm(owner, sent["challenge_id"], wrong)) == (422, "code_wrong")
    clock.advance(seconds=120)
    assert refused(await confirm(owner, sent["challenge_id"], code)) == (410, "code_expired")
    assert (await owner.me())["version"] == 1

    again = await ask(owner, new_mobile)
    fresh = await phones.last_code(new_mobile)
    assert (await confirm(owner, again["challenge_id"], fresh)).status_code == 200
    assert refused(await confirm(owner, again["challenge_id"], fresh)) == (404, "not_found")


async def test_a_code_is_asked_for_again_after_sixty_seconds(
    owner: Owner, new_mobile: str, clock: MovableClock
) -> None:
    await ask(owner, new_mobile)
    clock.advance(seconds=20)
    early = await owner.call("POST", "/me/mobile", wish(new_mobile))
    assert (refused(early), early.headers["retry-after"]) == ((429, "too_many_requests"), "40")
    clock.advance(seconds=40)
    await ask(owner, new_mobile)


async def test_a_code_is_good_for_its_own_account_only(
    owner: Owner, new_owner: NewOwner, phones: Phones, new_mobile: str
) -> None:
    sent = await ask(owner, new_mobile)
    stranger = await new_owner()
    code = await phones.last_code(new_mobile)
    assert refused(await confirm(stranger, sent["challenge_id"], code)) == (404, "not_found")
    assert refused(await confirm(owner, str(uuid4()), code)) == (404, "not_found")
    assert (await confirm(owner, sent["challenge_id"], code)).status_code == 200
