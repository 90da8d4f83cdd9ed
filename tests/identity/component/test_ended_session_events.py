"""What the other services hear of sessions that were ended."""

import asyncio
from typing import Any

import pytest

from chassis.service import Service
from events.identity import SessionsEnded
from identity.staff.testing import hired
from identity.testing import PASSWORD, Api, Json, Person, Phones, log_in, registered

AGENT = "Mozilla/5.0 (X11; Linux x86_64; rv:121.0) Gecko/20100101 Firefox/121.0"


@pytest.fixture
async def person(api: Api, phones: Phones) -> Person:
    return await registered(api, phones)


async def told(phones: Phones, customer_id: str) -> list[Json]:
    return [one for one in await phones.events(SessionsEnded.name) if one["customer_id"] == customer_id]


async def sessions_of(api: Api, tokens: Json) -> dict[bool, str]:
    """By whether it is the current one; there are two."""
    listed = await api.get("/sessions", Authorization=f"Bearer {tokens['access_token']}")
    return {one["current"]: one["session_id"] for one in listed.json()["items"]}


def said(one: Json) -> tuple[Any, ...]:
    return one["scope"], one["reason"], one["sessions"]


async def test_logging_out_and_ending_another_session_are_told_of_with_which(
    api: Api, person: Person, phones: Phones
) -> None:
    await log_in(api, person.remembered, User_Agent=AGENT)
    ids = await sessions_of(api, person.tokens)
    await api.delete(f"/sessions/{ids[False]}", Authorization=person.authorization)
    await api.delete("/sessions/current", Authorization=person.authorization)
    assert (
        await api.delete(f"/sessions/{ids[False]}", Authorization=person.authorization)
    ).status_code == 401

    first, second = await told(phones, person.customer_id)
    assert said(first) == ("one", "ended_by_owner", [ids[False]])
    assert first["device"].startswith("Firefox 121")
    assert said(second) == ("one", "logged_out", [ids[True]])


async def test_logging_out_everywhere_names_all_sessions(api: Api, person: Person, phones: Phones) -> None:
    await log_in(api, person.remembered)
    ids = await sessions_of(api, person.tokens)
    await api.delete("/sessions", Authorization=person.authorization)
    (only,) = await told(phones, person.customer_id)
    assert said({**only, "sessions": sorted(only["sessions"])}) == ("all", "logged_out", sorted(ids.values()))


async def test_a_reused_refresh_token_is_told_of_once_however_often_it_comes(
    api: Api, person: Person, phones: Phones
) -> None:
    (session_id,) = (await sessions_of(api, person.tokens)).values()
    spent = {"refresh_token": person.tokens["refresh_token"]}
    await asyncio.gather(*(api.post("/sessions/refresh", spent) for _ in range(10)))
    (only,) = await told(phones, person.customer_id)
    assert said(only) == ("one", "token_reused", [session_id])


async def test_a_changed_password_ends_the_others_and_a_closed_account_all(
    api: Api, person: Person, phones: Phones, service: Service
) -> None:
    await log_in(api, person.remembered)
    ids = await sessions_of(api, person.tokens)
    change = {"current_password": PASSWORD, "new_password": "دریاچه‌ی آرام پشت کوه"}
    changed = await api.post("/me/password", change, Authorization=person.authorization)
    assert changed.status_code == 204, changed.text
    admin = await hired(service, api.elsewhere(), phones, "admin")
    disablement = f"/staff/customers/{person.customer_id}/disablement"
    await admin.post(disablement, {"reason": "suspected_theft"}, 204)

    first, second = await told(phones, person.customer_id)
    assert said(first) == ("others", "password_changed", [ids[False]])
    assert said(second) == ("all", "account_disabled", [ids[True]])
    assert second["version"] == first["version"] + 1


async def test_a_refused_end_is_not_told_of(api: Api, person: Person, phones: Phones) -> None:
    stranger = await registered(api, phones)
    (theirs,) = (await sessions_of(api, stranger.tokens)).values()
    assert (await api.delete(f"/sessions/{theirs}", Authorization=person.authorization)).status_code == 404
    assert await told(phones, stranger.customer_id) == await told(phones, person.customer_id) == []
