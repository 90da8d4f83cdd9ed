"""An issued code is on its mobile and nowhere else: no answer, no log, no event, no row."""

import re
from collections.abc import Iterator

import httpx
import pytest
import structlog
from sqlalchemy import text

from chassis.service import Service
from chassis.testing.clock import MovableClock
from identity.customers.testing import Owner
from identity.testing import PASSWORD, Api, Phones, form, registered


@pytest.fixture
def logged() -> Iterator[list[structlog.typing.EventDict]]:
    with structlog.testing.capture_logs() as events:
        yield events


@pytest.fixture
def answered(client: httpx.AsyncClient) -> list[str]:
    """Everything that the service says from now on, with the headers."""
    said: list[str] = []

    async def keep(response: httpx.Response) -> None:
        await response.aread()
        said.append(f"{response.headers} {response.text}")

    client.event_hooks["response"].append(keep)
    return said


async def go_everywhere(api: Api, phones: Phones, clock: MovableClock) -> set[str]:
    """Every way to get a code, with a wrong try and a right one; the codes."""
    owner = Owner(api, phones, await registered(api, phones))
    typed, new_mobile = owner.person.form, form()["mobile"]
    wrong = {"code": "000000"}
    known = {name: typed[name] for name in ("national_code", "mobile")}

    due = (await api.post("/sessions/code", known)).json()
    login = f"/challenges/{due['challenge_id']}"
    for code in ("000000", await phones.last_code(typed["mobile"])):
        await api.post(login, {"code": code})
    sent = await owner.ok("POST", "/me/mobile", {"mobile": new_mobile, "password": PASSWORD}, status=202)
    for code in ("000000", await phones.last_code(new_mobile)):
        confirmation = {"challenge_id": sent["challenge_id"], "code": code}
        await owner.call("POST", "/me/mobile/confirmation", confirmation)
    reset = (await api.post("/password-resets", {**known, "mobile": new_mobile})).json()
    path = f"/password-resets/{reset['reset_id']}"
    await api.post(path, {**wrong, "new_password": "کوه و دریا ۱۴۰۵"})
    clock.advance(seconds=60)
    await api.post(f"{path}/code")
    code = await phones.last_code(new_mobile)
    await api.post(path, {"code": code, "new_password": "کوه و دریا ۱۴۰۵"})
    return {*await phones.codes(typed["mobile"]), *await phones.codes(new_mobile)}


async def kept(service: Service) -> str:
    """What the database holds of codes and of what is to be published."""
    async with service.database.transaction() as session:
        rows = [
            str(row)
            for table in ("challenges", "outbox", "password_resets", "mobile_changes", "audit_entries")
            for row in await session.scalars(text(f"SELECT t::text FROM {table} AS t"))  # noqa: S608 - own names
        ]
        rows += map(bytes.decode, await session.scalars(text("SELECT message FROM outbox")))
        return "\n".join(rows)


async def test_codes_are_nowhere_but_on_their_mobile(
    api: Api,
    phones: Phones,
    service: Service,
    clock: MovableClock,
    answered: list[str],
    logged: list[structlog.typing.EventDict],
) -> None:
    codes = await go_everywhere(api, phones, clock)

    assert len(codes) >= 5
    said = {
        "an answer": "\n".join(answered),
        "a log": "\n".join(map(repr, logged)),
        "the database": await kept(service),
    }
    for place, content in said.items():
        assert content
        for code in codes:
            assert not re.search(rf"(?<![\w.+/=-]){code}(?![\w.+/=-])", content), f"a code in {place}"
