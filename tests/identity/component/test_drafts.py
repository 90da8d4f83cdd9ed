"""A registration that waits for its code: found again, continued, and not in anybody's way."""

import asyncio
from collections import Counter
from uuid import uuid4

import httpx

from chassis.testing.clock import MovableClock
from events.identity import CustomerRegistered
from identity.testing import Api, Json, Phones, form, log_in, registered


class Draft:
    """A registration that somebody opened."""

    def __init__(self, api: Api, phones: Phones, typed: Json) -> None:
        self._api = api
        self._phones = phones
        self.typed = typed
        self.path = ""

    async def open(self) -> "Draft":
        answer = await self._api.post("/registrations", self.typed)
        assert answer.status_code == 202, answer.text
        self.path = f"/registrations/{answer.json()['registration_id']}"
        return self

    async def progress(self) -> Json:
        answer = await self._api.get(self.path)
        assert answer.status_code == 200, answer.text
        found: Json = answer.json()
        return found

    async def resend(self) -> httpx.Response:
        return await self._api.post(f"{self.path}/code")

    async def activate(self, code: str | None = None) -> httpx.Response:
        code = code or await self._phones.last_code(self.typed["mobile"])
        return await self._api.post(f"{self.path}/activation", {"code": code})


async def test_a_lost_page_finds_the_registration_where_it_was(
    api: Api, phones: Phones, clock: MovableClock
) -> None:
    draft = await Draft(api, phones, form(mobile="09121112233")).open()
    clock.advance(seconds=20)

    found = await draft.progress()

    assert found["state"] == "awaiting_code"
    assert found["steps"] == [
        {"name": "form", "done": True},
        {"name": "code", "done": False},
        {"name": "login", "done": False},
    ]
    assert (found["mobile"], found["resend_after"], found["tries_left"]) == ("0912*****33", 40, 5)
    assert found["code_expires_at"] is not None


async def test_a_late_code_is_sent_again_until_the_draft_ends_after_a_day(
    api: Api, phones: Phones, clock: MovableClock
) -> None:
    draft = await Draft(api, phones, form()).open()
    clock.advance(hours=23)
    late = await draft.progress()
    assert (late["code_expires_at"], late["resend_after"]) == (None, 0)
    assert (await draft.resend()).status_code == 202
    assert (await draft.activate()).status_code == 201

    done = await draft.progress()
    assert (done["state"], done["resend_after"], done["mobile"]) == ("activated", None, None)
    assert [step["done"] for step in done["steps"]] == [True, True, False]
    clock.advance(hours=1)
    assert (await api.get(draft.path)).status_code == 404


async def test_nothing_personal_is_in_the_progress(api: Api, phones: Phones) -> None:
    draft = await Draft(api, phones, form(email="sealed@example.com")).open()
    shown = str(await draft.progress())
    flat = {**draft.typed, **draft.typed["address"]}
    personal = ("national_code", "mobile", "iban", "first_name", "email", "street", "postal_code", "password")
    assert not [name for name in personal if flat[name] in shown]


async def test_an_unknown_registration_has_no_progress(api: Api) -> None:
    assert (await api.get(f"/registrations/{uuid4()}")).status_code == 404


async def test_a_strangers_draft_neither_replaces_nor_blocks_ones_own(api: Api, phones: Phones) -> None:
    mine = await Draft(api, phones, form()).open()
    theirs = await Draft(api.elsewhere(), phones, form(national_code=mine.typed["national_code"])).open()

    assert (await mine.progress())["state"] == "awaiting_code"
    assert (await mine.activate()).status_code == 201

    assert (await theirs.progress())["state"] == "replaced"
    for refused in (await theirs.activate(), await theirs.resend()):
        assert (refused.status_code, refused.json()["code"]) == (410, "registration_replaced")
    assert (await log_in(api, mine.typed)).status_code == 201
    assert (await log_in(api, theirs.typed | {"password": "another password"})).status_code == 401


async def test_a_strangers_draft_with_ones_own_mobile_does_not_stop_ones_code(
    api: Api, phones: Phones
) -> None:
    mine = await Draft(api, phones, form()).open()
    my_code = await phones.last_code(mine.typed["mobile"])
    await Draft(api.elsewhere(), phones, mine.typed | {"password": "the stranger's own"}).open()

    assert (await mine.activate(my_code)).status_code == 201
    assert (await log_in(api, mine.typed)).status_code == 201


async def test_of_parallel_drafts_that_prove_their_mobiles_one_becomes_the_account(
    api: Api, phones: Phones
) -> None:
    first = form()
    forms = [first, *(form(national_code=first["national_code"]) for _ in range(7))]
    drafts = [await Draft(api.elsewhere(), phones, typed).open() for typed in forms]

    answers = await asyncio.gather(*(draft.activate() for draft in drafts))

    assert Counter(answer.status_code for answer in answers) == {201: 1, 410: 7}
    won = next(answer.json()["customer_id"] for answer in answers if answer.status_code == 201)
    announced = [event["customer_id"] for event in await phones.events(CustomerRegistered.name)]
    assert announced.count(won) == 1


async def test_the_progress_of_somebody_who_has_an_account_looks_like_anybodys(
    api: Api, phones: Phones
) -> None:
    owner = await registered(api, phones)
    known = await Draft(api, phones, form(national_code=owner.form["national_code"])).open()
    unknown = await Draft(api, phones, form()).open()
    same = ("state", "steps", "tries_left", "resend_after", "code_sent_at", "code_expires_at", "expires_at")
    one, other = await known.progress(), await unknown.progress()
    assert {name: one[name] for name in same} == {name: other[name] for name in same}
