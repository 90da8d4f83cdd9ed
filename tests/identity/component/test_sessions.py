"""Staying logged in and logging out."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID, uuid4

import httpx
import pytest

from chassis.service import Service, create_api
from chassis.testing.clock import MovableClock
from identity.app import build
from identity.client import Place
from identity.config import Settings
from identity.sessions import service as sessions
from identity.sessions.domain import RefreshToken, Standing
from identity.sessions.service import Grant
from identity.testing import Api, Json, Person, Phones, log_in, registered


@pytest.fixture
async def person(api: Api, phones: Phones) -> Person:
    return await registered(api, phones)


async def refresh(api: Api, tokens: Json) -> httpx.Response:
    return await api.post("/sessions/refresh", {"refresh_token": tokens["refresh_token"]})


def bearer(tokens: Json) -> str:
    return f"Bearer {tokens['access_token']}"


def refused(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


async def test_a_refresh_continues_the_session_with_new_tokens(api: Api, person: Person) -> None:
    second = await refresh(api, person.tokens)
    third = await refresh(api, second.json())

    assert (second.status_code, third.status_code) == (201, 201)
    tokens = {answer["refresh_token"] for answer in (person.tokens, second.json(), third.json())}
    assert len(tokens) == 3
    listed = (await api.get("/sessions", Authorization=bearer(third.json()))).json()
    assert [one["current"] for one in listed["items"]] == [True]


async def test_a_token_used_twice_ends_the_session(api: Api, person: Person) -> None:
    second = (await refresh(api, person.tokens)).json()
    assert refused(await refresh(api, person.tokens)) == (401, "session_ended")
    assert refused(await refresh(api, second)) == (401, "session_ended")
    assert refused(await api.get("/me", Authorization=bearer(second))) == (401, "session_ended")


async def test_a_token_that_was_spent_before_a_restart_ends_the_session_after_it(
    api: Api, person: Person, settings: Settings, clock: MovableClock
) -> None:
    second = (await refresh(api, person.tokens)).json()

    async with restarted(settings, clock) as restarted_api:
        third = await refresh(restarted_api, second)
        assert third.status_code == 201
        assert refused(await refresh(restarted_api, person.tokens)) == (401, "session_ended")
        assert refused(await refresh(restarted_api, third.json())) == (401, "session_ended")


@asynccontextmanager
async def restarted(settings: Settings, clock: MovableClock) -> AsyncIterator[Api]:
    """Another process of identity, as far as memory goes: the database is all that it knows."""
    async with build(settings, clock=clock).opened() as service:
        transport = httpx.ASGITransport(create_api(service), raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://identity") as client:
            yield Api(client)


async def test_of_fifty_parallel_refreshes_of_one_token_one_succeeds(api: Api, person: Person) -> None:
    answers = await asyncio.gather(*(refresh(api, person.tokens) for _ in range(50)))
    assert Counter(answer.status_code for answer in answers) == {201: 1, 401: 49}


async def test_a_forged_token_is_refused_and_ends_nothing(api: Api, person: Person, service: Service) -> None:
    for text in (
        "",
        "x",
        "\ud7ff",
        person.tokens["refresh_token"][:-4] + "AAAA",
        person.tokens["access_token"],
    ):
        answer = await refresh(api, {"refresh_token": text})
        assert answer.status_code in {401, 422}
    assert (await refresh(api, person.tokens)).status_code == 201


async def test_a_refresh_token_is_no_access_token(api: Api, person: Person) -> None:
    answer = await api.get("/me", Authorization=f"Bearer {person.tokens['refresh_token']}")
    assert refused(answer) == (401, "unauthenticated")


async def test_a_session_ends_when_it_is_idle(api: Api, person: Person, clock: MovableClock) -> None:
    clock.advance(days=13)
    tokens = (await refresh(api, person.tokens)).json()
    clock.advance(days=14)
    assert refused(await refresh(api, tokens)) == (401, "session_ended")


async def test_a_session_ends_at_its_longest_however_busy(
    api: Api, person: Person, clock: MovableClock
) -> None:
    tokens = person.tokens
    for _ in range(8):
        clock.advance(days=11)
        tokens = (await refresh(api, tokens)).json()
    clock.advance(days=2)
    assert refused(await refresh(api, tokens)) == (401, "session_ended")


async def test_logging_out_ends_this_session_and_no_other(api: Api, person: Person) -> None:
    other = (await log_in(api, person.form)).json()

    assert (await api.delete("/sessions/current", Authorization=bearer(other))).status_code == 204

    assert refused(await refresh(api, other)) == (401, "session_ended")
    assert refused(await api.get("/me", Authorization=bearer(other))) == (401, "session_ended")
    assert (await refresh(api, person.tokens)).status_code == 201


async def test_logging_out_everywhere_ends_all_sessions_of_the_person(
    api: Api, person: Person, phones: Phones
) -> None:
    other, stranger = (await log_in(api, person.form)).json(), await registered(api, phones)

    assert (await api.delete("/sessions", Authorization=bearer(other))).status_code == 204

    assert refused(await refresh(api, other)) == (401, "session_ended")
    assert refused(await refresh(api, person.tokens)) == (401, "session_ended")
    assert (await refresh(api, stranger.tokens)).status_code == 201


async def test_one_session_is_ended_from_another(api: Api, person: Person) -> None:
    lost = (await log_in(api, person.remembered, User_Agent="A lost phone")).json()
    mine = person.authorization
    listed = (await api.get("/sessions", Authorization=mine)).json()["items"]
    lost_id = next(one["session_id"] for one in listed if one["device"] == "A lost phone")

    assert (await api.delete(f"/sessions/{lost_id}", Authorization=mine)).status_code == 204

    assert refused(await refresh(api, lost)) == (401, "session_ended")
    assert (await api.delete(f"/sessions/{lost_id}", Authorization=mine)).status_code == 404


async def test_another_persons_session_is_not_there(api: Api, person: Person, phones: Phones) -> None:
    stranger = await registered(api, phones)
    theirs = (await api.get("/sessions", Authorization=stranger.authorization)).json()["items"][0]

    for session_id in (theirs["session_id"], uuid4()):
        answer = await api.delete(f"/sessions/{session_id}", Authorization=person.authorization)
        assert refused(answer) == (404, "not_found")
    assert (await refresh(api, stranger.tokens)).status_code == 201


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/me"), ("GET", "/sessions"), ("DELETE", "/sessions"), ("DELETE", "/sessions/current")],
)
async def test_nothing_of_an_account_is_there_without_a_token(api: Api, method: str, path: str) -> None:
    assert refused(await api.call(method, path)) == (401, "unauthenticated")


async def test_never_a_live_token_after_the_end(
    api: Api, person: Person, service: Service, clock: MovableClock
) -> None:
    """Refreshing and ending in any order: what ends is ended, even from its newest token."""
    for _ in range(20):
        tokens = (await log_in(api, person.form)).json()
        refreshed, _ = await asyncio.gather(
            refresh(api, tokens), api.delete("/sessions/current", Authorization=bearer(tokens))
        )
        if refreshed.status_code == 201:
            assert refused(await refresh(api, refreshed.json())) == (401, "session_ended")


@pytest.mark.parametrize("rounds", [200, pytest.param(1000, marks=pytest.mark.chaos)])
async def test_ending_and_refreshing_at_once_leaves_no_live_token(
    person: Person, service: Service, clock: MovableClock, rounds: int
) -> None:
    """Each on a connection of its own, as close together as can be."""

    async def begin() -> RefreshToken:
        standing = Standing([], None, "device")
        place = Place("10.0.0.1", None)
        async with service.database.transaction() as session:
            grant = await sessions.start(session, UUID(person.customer_id), standing, place, None, clock())
        return grant.refresh

    async def rotate(token: RefreshToken) -> Grant | None:
        async with service.database.transaction() as session:
            return await sessions.rotate(session, token, clock())

    async def end(token: RefreshToken) -> None:
        async with service.database.transaction() as session:
            await sessions.end(
                session, UUID(person.customer_id), token.session_id, clock(), reason="logged_out"
            )

    for round_ in range(rounds):
        token = await begin()
        both = (rotate(token), end(token)) if round_ % 2 else (end(token), rotate(token))
        outcomes = await asyncio.gather(*both)
        granted = next((outcome for outcome in outcomes if outcome is not None), None)
        assert await rotate(granted.refresh if granted else token) is None


async def test_a_generation_that_was_never_given_ends_nothing(service: Service, clock: MovableClock) -> None:
    async with service.database.transaction() as session:
        assert await sessions.rotate(session, RefreshToken(uuid4(), 5), clock()) is None
