"""How many codes go out, how many tries they get, and what each is good for."""

from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import httpx
import pytest
from prometheus_client import REGISTRY
from sqlalchemy import text

from chassis.service import Service, create_api
from chassis.testing.clock import MovableClock
from events.identity import CodeIssued
from identity.app import build
from identity.config import Settings
from identity.customers.testing import Owner
from identity.testing import PASSWORD, Api, Json, Phones, form, registered

Deployed = Callable[..., Awaitable[Api]]


def refused(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


def known(typed: Json) -> Json:
    return {name: typed[name] for name in ("national_code", "mobile")}


@asynccontextmanager
async def serving(settings: Settings, clock: MovableClock, **limits: int) -> AsyncIterator[Api]:
    service = build(settings.model_copy(update=limits), clock=clock)
    async with service.opened():
        transport = httpx.ASGITransport(create_api(service), raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://identity") as client:
            yield Api(client)


@pytest.fixture
async def fresh_budget(service: Service) -> None:
    async with service.database.transaction() as session:
        await session.execute(text("DELETE FROM quota_uses WHERE name LIKE 'sms.%'"))


async def test_an_address_asks_for_fifteen_codes_an_hour(api: Api, clock: MovableClock) -> None:
    answers = [await api.post("/registrations", form()) for _ in range(20)]
    assert [answer.status_code for answer in answers] == [202] * 15 + [429] * 5
    assert answers[-1].headers["retry-after"] == "3600"
    for path in ("/sessions/code", "/password-resets"):
        assert refused(await api.post(path, known(form()))) == (429, "too_many_requests")
    assert (await api.elsewhere().post("/registrations", form())).status_code == 202
    clock.advance(hours=1)
    assert (await api.post("/registrations", form())).status_code == 202


async def test_an_address_asks_for_sixty_codes_a_day(api: Api, clock: MovableClock) -> None:
    for _ in range(4):
        assert {(await api.post("/registrations", form())).status_code for _ in range(15)} == {202}
        clock.advance(hours=1)
    answer = await api.post("/registrations", form())
    assert refused(answer) == (429, "too_many_requests")
    assert answer.headers["retry-after"] == str(20 * 3600)
    clock.advance(hours=20)
    assert (await api.post("/registrations", form())).status_code == 202


async def test_people_who_use_their_codes_are_not_in_each_others_way(api: Api, phones: Phones) -> None:
    """Thousands share the address of a mobile operator."""
    for _ in range(16):
        await registered(api, phones)
    assert (await api.post("/registrations", form())).status_code == 202


@pytest.mark.parametrize("path", ["/sessions/code", "/password-resets"])
@pytest.mark.parametrize("who", ["known", "unknown"])
async def test_between_two_codes_of_a_person_lie_sixty_seconds(
    api: Api, phones: Phones, clock: MovableClock, path: str, who: str
) -> None:
    typed = (await registered(api, phones)).form if who == "known" else form()
    assert (await api.post(path, known(typed))).status_code == 202
    clock.advance(seconds=25)
    early = await api.elsewhere().post(path, known(typed))
    assert (refused(early), early.headers["retry-after"]) == ((429, "too_many_requests"), "35")
    clock.advance(seconds=35)
    assert (await api.post(path, known(typed))).status_code == 202


@pytest.mark.usefixtures("fresh_budget")
async def test_a_spent_sms_budget_is_said_and_renewed(settings: Settings, clock: MovableClock) -> None:
    async with serving(settings, clock, sms_per_hour=3) as api:
        sent = [await api.post("/registrations", form()) for _ in range(4)]
        assert [answer.status_code for answer in sent] == [202, 202, 202, 503]
        assert refused(sent[-1]) == (503, "sms_budget_spent")
        assert sent[-1].headers["retry-after"] == "3600"
        assert refused(await api.post("/password-resets", known(form()))) == (503, "sms_budget_spent")
        clock.advance(hours=1)
        assert (await api.post("/registrations", form())).status_code == 202


@pytest.mark.usefixtures("fresh_budget")
async def test_codes_that_are_not_sent_take_nothing_of_the_budget(
    settings: Settings, clock: MovableClock
) -> None:
    async with serving(settings, clock, sms_per_day=1) as api:
        for _ in range(3):
            assert (await api.post("/password-resets", known(form()))).status_code == 202
        assert (await api.post("/registrations", form())).status_code == 202
        assert refused(await api.post("/password-resets", known(form()))) == (503, "sms_budget_spent")


@pytest.mark.usefixtures("fresh_budget")
async def test_the_budget_is_shown_to_whoever_watches(
    settings: Settings, clock: MovableClock, service: Service
) -> None:
    async with serving(settings, clock) as api:
        for _ in range(2):
            await api.post("/registrations", form())
    job = next(job for job in service.jobs if job.name == "identity.sms_budget")
    await job.run()
    shown = {
        name: REGISTRY.get_sample_value(f"identity_sms_budget_{name}", {"window": "sms.hour"})
        for name in ("used", "limit")
    }
    assert shown == {"used": 2, "limit": settings.sms_per_hour}


async def test_tries_count_for_a_person_over_all_codes_and_addresses(
    api: Api, phones: Phones, clock: MovableClock
) -> None:
    """More codes and more addresses bring no more tries."""
    person = await registered(api, phones)
    outcomes: Counter[str] = Counter()
    for _ in range(9):
        clock.advance(minutes=4)
        sent = await api.elsewhere().post("/password-resets", known(person.form))
        if sent.status_code == 202:
            path = f"/password-resets/{sent.json()['reset_id']}"
            for _ in range(5):
                body = {"code": "000000", "new_password": PASSWORD}
                answer = await api.elsewhere().post(path, body)
                outcomes[answer.json()["code"]] += 1
    assert outcomes["code_wrong"] <= 15 + 6
    assert outcomes["too_many_requests"] > 0


async def test_a_guesser_of_one_purpose_does_not_stop_another(
    api: Api, phones: Phones, clock: MovableClock
) -> None:
    person = await registered(api, phones)
    for _ in range(4):
        clock.advance(minutes=10)
        sent = (await api.elsewhere().post("/password-resets", known(person.form))).json()
        for _ in range(5):
            body = {"code": "000000", "new_password": PASSWORD}
            await api.elsewhere().post(f"/password-resets/{sent['reset_id']}", body)
    clock.advance(minutes=10)
    due = (await api.post("/sessions/code", known(person.form))).json()
    entered = await api.post(
        f"/challenges/{due['challenge_id']}", {"code": await phones.last_code(person.form["mobile"])}
    )
    assert entered.status_code in {201, 202}


@pytest.fixture
async def codes(api: Api, phones: Phones, clock: MovableClock) -> dict[str, tuple[Owner, str, str]]:
    """For each purpose a person, the challenge and the code."""

    async def newest(typed: Json) -> tuple[str, str]:
        issued = (await phones.events(CodeIssued.name))[-1]
        return issued["challenge_id"], await phones.last_code(typed["mobile"])

    found = {}
    for purpose in ("registration", "login", "password_reset", "mobile_change"):
        owner = Owner(api.elsewhere(), phones, await registered(api, phones))
        typed = dict(owner.person.form)
        if purpose == "registration":
            typed = form()
            await api.elsewhere().post("/registrations", typed)
        elif purpose == "mobile_change":
            typed["mobile"] = form()["mobile"]
            wish = {"mobile": typed["mobile"], "password": PASSWORD}
            await owner.ok("POST", "/me/mobile", wish, status=202)
        else:
            await api.post("/sessions/code" if purpose == "login" else "/password-resets", known(typed))
        found[purpose] = (owner, *await newest(typed))
    return found


async def test_a_code_is_good_for_its_purpose_and_its_request_only(
    api: Api, phones: Phones, codes: dict[str, tuple[Owner, str, str]]
) -> None:
    """Every code is tried at every other place that takes codes."""
    reset = await api.post("/password-resets", known(form()))
    draft = await api.post("/registrations", form())
    for purpose, (owner, challenge_id, code) in codes.items():
        ways = {
            "registration": api.post(
                f"/registrations/{draft.json()['registration_id']}/activation", {"code": code}
            ),
            "login": api.elsewhere().post(f"/challenges/{challenge_id}", {"code": code}),
            "password_reset": api.post(
                f"/password-resets/{reset.json()['reset_id']}",
                {"code": code, "new_password": "کوه و دریا ۱۴۰۵"},
            ),
            "mobile_change": owner.call(
                "POST", "/me/mobile/confirmation", {"challenge_id": challenge_id, "code": code}
            ),
        }
        right = ways.pop(purpose) if purpose in {"login", "mobile_change"} else None
        for way, attempt in ways.items():
            answer = await attempt
            assert answer.status_code in {404, 422}, f"the code of {purpose} was taken by {way}"
        if right is not None:
            assert (await right).status_code in {200, 201}, purpose
