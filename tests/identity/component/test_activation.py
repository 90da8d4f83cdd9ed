"""The code: its time, its tries, its one use."""

import asyncio
from collections import Counter
from uuid import uuid4

import httpx

from chassis.testing.clock import MovableClock
from events.identity import CustomerRegistered
from identity.testing import Api, Phones, form


class Applicant:
    """Somebody who waits for a code."""

    def __init__(self, api: Api, phones: Phones) -> None:
        self.typed = form()
        self._api = api
        self._phones = phones
        self.path = ""

    async def register(self) -> "Applicant":
        sent = (await self._api.post("/registrations", self.typed)).json()
        self.path = f"/registrations/{sent['registration_id']}"
        return self

    async def code(self) -> str:
        return await self._phones.last_code(self.typed["mobile"])

    async def wrong_code(self) -> str:
        return f"{(int(await self.code()) + 1) % 1_000_000:06d}"

    async def resend(self, **headers: str) -> httpx.Response:
        return await self._api.post(f"{self.path}/code", **headers)

    async def activate(self, code: str, **headers: str) -> httpx.Response:
        return await self._api.post(f"{self.path}/activation", {"code": code}, **headers)


async def applicant(api: Api, phones: Phones) -> Applicant:
    return await Applicant(api, phones).register()


def refused(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


async def test_an_expired_code_is_refused_and_a_new_one_activates_the_same_draft(
    api: Api, phones: Phones, clock: MovableClock
) -> None:
    late = await applicant(api, phones)
    clock.advance(seconds=120)
    assert refused(await late.activate(await late.code())) == (410, "code_expired")

    clock.advance(hours=20)
    assert (await late.resend()).status_code == 202
    assert (await late.activate(await late.code())).status_code == 201


async def test_a_code_is_good_until_its_two_minutes_are_over(
    api: Api, phones: Phones, clock: MovableClock
) -> None:
    slow = await applicant(api, phones)
    clock.advance(seconds=119)
    assert (await slow.activate(await slow.code())).status_code == 201


async def test_a_draft_is_gone_after_a_day(api: Api, phones: Phones, clock: MovableClock) -> None:
    gone = await applicant(api, phones)
    clock.advance(hours=24)
    assert refused(await gone.resend()) == (404, "not_found")
    assert refused(await gone.activate("000000")) == (404, "not_found")


async def test_a_used_code_is_refused(api: Api, phones: Phones) -> None:
    done = await applicant(api, phones)
    code = await done.code()
    assert (await done.activate(code)).status_code == 201
    assert refused(await done.activate(code)) == (409, "code_used")
    assert refused(await done.resend()) == (409, "already_activated")


async def test_the_same_key_gets_the_same_account_although_the_code_is_used(api: Api, phones: Phones) -> None:
    done = await applicant(api, phones)
    code = await done.code()
    first = await done.activate(code, Idempotency_Key="activation-1")
    again = await done.activate(code, Idempotency_Key="activation-1")
    assert (first.status_code, first.json()) == (again.status_code, again.json())


async def test_five_wrong_guesses_end_a_code(api: Api, phones: Phones) -> None:
    guesser = await applicant(api, phones)
    wrong = await guesser.wrong_code()
    left = [(await guesser.activate(wrong)).json()["tries_left"] for _ in range(5)]
    assert left == [4, 3, 2, 1, 0]
    assert refused(await guesser.activate(await guesser.code())) == (429, "too_many_attempts")


async def test_a_new_code_comes_with_new_tries_and_stops_the_old_one(
    api: Api, phones: Phones, clock: MovableClock
) -> None:
    patient = await applicant(api, phones)
    old = await patient.code()
    for _ in range(5):
        await patient.activate(await patient.wrong_code())
    clock.advance(seconds=60)
    await patient.resend()
    if old != await patient.code():
        assert refused(await patient.activate(old)) == (422, "code_wrong")
    assert (await patient.activate(await patient.code())).status_code == 201


async def test_a_malformed_code_costs_no_try(api: Api, phones: Phones) -> None:
    clumsy = await applicant(api, phones)
    for _ in range(6):
        assert refused(await clumsy.activate("12")) == (422, "invalid_fields")
    assert (await clumsy.activate(await clumsy.code())).status_code == 201


async def test_an_unknown_registration_is_not_there(api: Api) -> None:
    for path in (f"/registrations/{uuid4()}/code", f"/registrations/{uuid4()}/activation"):
        assert refused(await api.post(path, {"code": "123456"})) == (404, "not_found")
    assert refused(await api.post("/registrations/x/activation", {"code": "123456"})) == (
        422,
        "invalid_fields",
    )


async def test_a_code_does_not_open_another_registration(api: Api, phones: Phones) -> None:
    mine, theirs = await applicant(api, phones), await applicant(api, phones)
    if await mine.code() != await theirs.code():
        assert refused(await theirs.activate(await mine.code())) == (422, "code_wrong")


async def test_a_resend_waits_for_sixty_seconds(api: Api, phones: Phones, clock: MovableClock) -> None:
    hasty = await applicant(api, phones)
    clock.advance(seconds=45)
    early = await hasty.resend()
    assert refused(early) == (429, "too_many_requests")
    assert early.headers["retry-after"] == "15"
    clock.advance(seconds=15)
    assert (await hasty.resend()).status_code == 202


async def test_a_repeated_resend_with_one_key_sends_one_code(
    api: Api, phones: Phones, clock: MovableClock
) -> None:
    lost = await applicant(api, phones)
    clock.advance(seconds=60)
    first = await lost.resend(Idempotency_Key="resend-1")
    again = await lost.resend(Idempotency_Key="resend-1")
    assert (first.status_code, first.json()) == (again.status_code, again.json())
    assert len(await phones.codes(lost.typed["mobile"])) == 2


async def test_a_mobile_gets_three_codes_in_ten_minutes_six_in_an_hour_and_ten_in_a_day(
    api: Api, phones: Phones, clock: MovableClock
) -> None:
    eager = await applicant(api, phones)
    sent = [202]
    for _ in range(100):
        clock.advance(minutes=1)
        sent.append((await eager.resend()).status_code)
    assert sent[:10] == [202, 202, 202] + [429] * 7
    assert Counter(sent[:60])[202] == 6
    assert Counter(sent)[202] == 10
    elsewhere = await api.elsewhere().post("/registrations", form(mobile=eager.typed["mobile"]))
    assert elsewhere.status_code == 429
    assert int(elsewhere.headers["retry-after"]) > 21 * 3600


async def test_of_fifty_parallel_redemptions_one_makes_an_account(api: Api, phones: Phones) -> None:
    racer = await applicant(api, phones)
    code = await racer.code()
    answers = await asyncio.gather(*(racer.activate(code) for _ in range(50)))

    outcomes = Counter(answer.status_code for answer in answers)
    assert outcomes[201] == 1
    assert outcomes.keys() <= {201, 409, 429}
    created = next(answer.json()["customer_id"] for answer in answers if answer.status_code == 201)
    events = await phones.events(CustomerRegistered.name)
    assert [event["customer_id"] for event in events].count(created) == 1


async def test_of_a_hundred_parallel_wrong_guesses_five_are_compared(api: Api, phones: Phones) -> None:
    attacked = await applicant(api, phones)
    wrong = await attacked.wrong_code()
    answers = await asyncio.gather(*(attacked.activate(wrong) for _ in range(100)))
    assert Counter(map(refused, answers)) == {(422, "code_wrong"): 5, (429, "too_many_attempts"): 95}


async def test_an_account_is_announced_with_its_contact_sealed(api: Api, phones: Phones) -> None:
    new = await applicant(api, phones)
    customer_id = (await new.activate(await new.code())).json()["customer_id"]
    events = await phones.events(CustomerRegistered.name)
    event = next(event for event in events if event["customer_id"] == customer_id)
    assert (event["version"], event["gender"], event["birth_date"]) == (1, "female", "1990-05-12")
    assert (event["province"], event["mobile_verified"]) == ("تهران", True)
    assert phones.open(event["contact"], f"{CustomerRegistered.name}.contact") == {
        "mobile": new.typed["mobile"],
        "first_name": "زهرا",
        "last_name": "محمدی",
    }
