"""What identity publishes of sessions that ended."""

from uuid import UUID

import httpx
import pytest

from chassis.ended_sessions import EndedSessions, PublishedList
from chassis.http import new_client
from chassis.service import Service
from chassis.testing.clock import MovableClock
from identity.sessions.ended import OwnList
from identity.testing import Api, Json, Person, Phones, log_in, registered

DOCUMENT = "/.well-known/ended-sessions.json"


@pytest.fixture
async def person(api: Api, phones: Phones) -> Person:
    return await registered(api, phones)


async def listed(client: httpx.AsyncClient) -> list[str]:
    found: list[str] = (await client.get(DOCUMENT)).json()["sessions"]
    return found


async def session_of(api: Api, tokens: Json) -> str:
    answer = await api.get("/sessions", Authorization=f"Bearer {tokens['access_token']}")
    return str(next(one["session_id"] for one in answer.json()["items"] if one["current"]))


@pytest.mark.parametrize("end", ["log out", "log out everywhere", "a token used twice"])
async def test_a_session_is_listed_however_it_ended_for_as_long_as_its_tokens_run(
    api: Api, client: httpx.AsyncClient, person: Person, clock: MovableClock, end: str
) -> None:
    mine = await session_of(api, person.tokens)
    refresh = {"refresh_token": person.tokens["refresh_token"]}
    assert mine not in await listed(client)

    if end == "a token used twice":
        for _ in range(2):
            await api.post("/sessions/refresh", refresh)
    else:
        path = "/sessions/current" if end == "log out" else "/sessions"
        await api.delete(path, Authorization=person.authorization)

    assert mine in await listed(client)
    clock.advance(minutes=10)
    assert mine in await listed(client)
    clock.advance(minutes=2)
    assert mine not in await listed(client)


async def test_a_session_that_has_had_no_token_for_long_is_not_listed(
    api: Api, client: httpx.AsyncClient, person: Person, clock: MovableClock
) -> None:
    old = await session_of(api, person.tokens)
    clock.advance(minutes=30)
    tokens = (await log_in(api, person.remembered)).json()
    await api.delete("/sessions", Authorization=f"Bearer {tokens['access_token']}")
    assert old not in await listed(client)


async def test_who_knows_the_list_is_told_so_and_no_more(
    api: Api, client: httpx.AsyncClient, person: Person
) -> None:
    first = await client.get(DOCUMENT)
    known = {"If-None-Match": first.headers["etag"]}
    assert first.headers["cache-control"] == "max-age=5"
    assert (await client.get(DOCUMENT, headers=known)).status_code == 304

    await api.delete("/sessions/current", Authorization=person.authorization)

    assert (await client.get(DOCUMENT, headers=known)).status_code == 200


async def test_identity_goes_by_the_list_itself(
    api: Api, service: Service, person: Person, clock: MovableClock
) -> None:
    mine = await session_of(api, person.tokens)
    await api.delete("/sessions/current", Authorization=person.authorization)
    ended = EndedSessions(OwnList(service.database, clock))
    await ended.read()
    assert UUID(mine) in ended.ids


async def test_a_list_that_cannot_be_fetched_leaves_the_last_one() -> None:
    async with new_client(timeout=1, connect_timeout=1) as client:
        ended = EndedSessions(PublishedList("http://127.0.0.1:1/.well-known/jwks.json", client))
        await ended.read()
    assert ended.ids == set()
