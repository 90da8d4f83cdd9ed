"""Known and unknown people cost the same work, so that the time of an answer names nobody."""

from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from dataclasses import dataclass

import httpx
import pytest
from sqlalchemy import event

from chassis.service import Service
from chassis.testing.clock import MovableClock
from identity.credentials.hashing import PasswordHashing
from identity.testing import Api, Json, Person, Phones, form, log_in, registered


@pytest.fixture
async def person(api: Api, phones: Phones) -> Person:
    return await registered(api, phones)


def known(typed: Json) -> Json:
    return {"national_code": typed["national_code"], "mobile": typed["mobile"]}


Work = Callable[[], Awaitable[httpx.Response]]
measured = ContextVar("measured", default=False)
"""Not so in what the service does meanwhile of its own accord."""


@dataclass(frozen=True)
class Done:
    """What a request took, and its answer; however a savepoint ends, it ends."""

    hashes: int
    statements: list[str]
    status: int
    code: str | None


async def work_of(service: Service, request: Work, monkeypatch: pytest.MonkeyPatch) -> Done:
    statements: list[str] = []
    hashes = 0
    run = PasswordHashing._run

    async def counted(self: PasswordHashing, work: object, *given: object) -> object:
        nonlocal hashes
        hashes += 1
        return await run(self, work, *given)

    def sent(*event: object) -> None:
        if measured.get():
            statement = str(event[2])
            statements.append("END" if statement.startswith(("RELEASE", "ROLLBACK TO")) else statement)

    engine = service.database.engine.sync_engine
    event.listen(engine, "before_cursor_execute", sent)
    begun = measured.set(True)
    try:
        with monkeypatch.context() as patch:
            patch.setattr(PasswordHashing, "_run", counted)
            answer = await request()
    finally:
        measured.reset(begun)
        event.remove(engine, "before_cursor_execute", sent)
    assert statements
    return Done(hashes, statements, answer.status_code, answer.json().get("code"))


@pytest.mark.parametrize("use", ["log in", "register", "ask for a code", "recover"])
async def test_known_and_unknown_people_cost_the_same_work(
    api: Api, person: Person, service: Service, monkeypatch: pytest.MonkeyPatch, use: str
) -> None:
    uses: dict[str, Callable[[Json], Awaitable[httpx.Response]]] = {
        "log in": lambda typed: log_in(api, {**typed, "password": "not the password"}),
        "register": lambda typed: api.post("/registrations", typed),
        "ask for a code": lambda typed: api.post("/sessions/code", known(typed)),
        "recover": lambda typed: api.post("/password-resets", known(typed)),
    }

    with_account = await work_of(service, lambda: uses[use](person.form), monkeypatch)
    without = await work_of(service, lambda: uses[use](form()), monkeypatch)

    assert with_account == without


@dataclass(frozen=True)
class Step:
    """A request to where the answer of ``first`` leads, and how it is answered."""

    first: str
    then: str
    answer: tuple[int, str | None]


WRONG, SENT = (422, "code_wrong"), (202, None)
SECOND_STEPS = {
    "activate": Step("/registrations", "/registrations/{registration_id}/activation", WRONG),
    "activate later": Step("/registrations", "/registrations/{registration_id}/code", SENT),
    "set a password": Step("/password-resets", "/password-resets/{reset_id}", WRONG),
    "set a password later": Step("/password-resets", "/password-resets/{reset_id}/code", SENT),
    "log in with a code": Step("/sessions/code", "/challenges/{challenge_id}", WRONG),
}


@pytest.mark.parametrize("step", SECOND_STEPS.values(), ids=SECOND_STEPS.keys())
async def test_the_second_step_costs_the_same_work_too(
    api: Api,
    phones: Phones,
    person: Person,
    service: Service,
    clock: MovableClock,
    monkeypatch: pytest.MonkeyPatch,
    step: Step,
) -> None:
    async def taken(typed: Json) -> Done:
        sent = await api.post(step.first, typed if step.first == "/registrations" else known(typed))
        path, body = step.then.format(**sent.json()), {"code": await wrong_code(phones, typed)}
        if step.first == "/password-resets":
            body["new_password"] = "another password of mine"
        clock.advance(seconds=61)
        return await work_of(service, lambda: api.post(path, body), monkeypatch)

    with_account, without = await taken(person.form), await taken(form())

    assert with_account == without
    assert (without.status, without.code) == step.answer


async def wrong_code(phones: Phones, typed: Json) -> str:
    """None of the two at most that were sent."""
    return min({"000000", "000001", "000002"} - {*await phones.codes(typed["mobile"])})
