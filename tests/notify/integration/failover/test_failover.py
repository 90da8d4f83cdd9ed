"""What is not taken here goes there; what may have been taken goes nowhere else."""

from datetime import timedelta
from uuid import uuid4

import pytest

from iran import samples
from notify.messages import dispatch

PEOPLE = 12


def persons(person, count):
    first = uuid4().int % (samples.LIMIT - count)
    return [type(person)(uuid4(), samples.mobile(first + n)) for n in range(count)]


async def write_code(notify, person, seconds=120):
    await notify.handle(person.code_issued("482913", notify.clock() + timedelta(seconds=seconds)))


async def providers_of(simulator, *people):
    return [row["provider"] for row in await simulator.taken(*(person.mobile for person in people))]


@pytest.mark.parametrize("write", ["text", "code"])
async def test_a_provider_that_is_down_is_passed_over_in_the_same_attempt(
    notify, simulator, person, arm, write
):
    await arm("kavenegar", "unavailable")
    await (notify.handle(person.registered()) if write == "text" else write_code(notify, person))
    await notify.send()
    assert await providers_of(simulator, person) == ["ghasedak"]
    [row] = await notify.rows()
    assert (row["state"], row["provider"], row["attempts"]) == ("sent", "ghasedak", 1)


async def test_a_provider_without_credit_is_passed_over(notify, simulator, person, arm):
    await simulator.http.put("/sms/credit/kavenegar", json={"credit": 0})
    await notify.handle(person.registered())
    await notify.send()
    assert await providers_of(simulator, person) == ["ghasedak"]


async def test_a_message_that_nobody_will_take_is_not_offered_around(notify, simulator, person):
    await simulator.fault(person.mobile, "refuse", code=411)
    await notify.handle(person.registered())
    await notify.send()
    assert await notify.state() == "failed"
    assert await providers_of(simulator, person) == []


async def test_a_busy_provider_is_tried_again_in_a_moment(notify, simulator, person):
    await simulator.fault(person.mobile, "refuse", code=409)
    await notify.handle(person.registered())
    await notify.send()
    assert await notify.state() == "queued"
    notify.clock.advance(seconds=2)
    await notify.send()
    assert await providers_of(simulator, person) == ["kavenegar"]


async def test_a_provider_that_fails_again_and_again_is_left_alone_until_it_answers(
    notify, simulator, person, arm
):
    people = persons(person, 6)
    await arm("kavenegar", "unavailable")
    asked = (await simulator.http.get("/sms/books")).json()["totals"]["requests"]
    for one in people:
        await notify.handle(one.registered())
        await notify.send()
    now = (await simulator.http.get("/sms/books")).json()["totals"]["requests"]
    assert now - asked == 3 + len(people)
    await arm("kavenegar")
    notify.clock.advance(seconds=5)
    await notify.failover.try_again()
    [later] = persons(person, 1)
    await notify.handle(later.registered())
    await notify.send()
    assert await providers_of(simulator, *people, later) == ["ghasedak"] * len(people) + ["kavenegar"]


async def test_when_nobody_is_well_messages_wait_and_none_is_lost(notify, simulator, person, arm, ordered):
    await ordered("transactional", "smsir", "ippanel")
    for name in ("smsir", "ippanel"):
        await arm(name, "unavailable")
    people = persons(person, PEOPLE)
    for one in people:
        await notify.handle(one.registered())
    for _ in range(4):
        await notify.send()
        notify.clock.advance(seconds=1)
    assert await providers_of(simulator, *people) == []
    for name in ("smsir", "ippanel"):
        await arm(name)
    notify.clock.advance(minutes=10)
    await notify.failover.try_again()
    await notify.send()
    assert {row["state"] for row in await notify.rows("state")} == {"sent"}
    assert len(await providers_of(simulator, *people)) == PEOPLE


@pytest.mark.parametrize("fault", ["hang_done", "hang_lost"])
@pytest.mark.parametrize("provider_timeout", [0.3])
@pytest.mark.parametrize("provider", ["kavenegar", "ghasedak"])
async def test_a_text_without_an_answer_is_asked_for_and_comes_once(
    notify, simulator, person, ordered, provider, fault
):
    await ordered("transactional", provider, "smsir")
    await simulator.fault(person.mobile, fault)
    await notify.handle(person.registered())
    await notify.send()
    [waiting] = await notify.rows()
    assert (waiting["state"], waiting["handed_to"]) == ("queued", [provider])
    notify.clock.advance(seconds=2)
    await notify.send()
    [taken] = await simulator.taken(person.mobile)
    assert (taken["provider"], taken["repeats"]) == (provider, 0)
    assert await notify.state() == "sent"


@pytest.mark.parametrize(("fault", "taken"), [("hang_done", 1), ("hang_lost", 0)])
@pytest.mark.parametrize("provider_timeout", [0.3])
@pytest.mark.parametrize("provider", ["smsir", "melipayamak", "ippanel"])
async def test_a_text_whose_fate_cannot_be_asked_for_is_unknown_and_not_repeated(
    notify, simulator, person, ordered, provider, fault, taken
):
    await ordered("transactional", provider, "kavenegar")
    await simulator.fault(person.mobile, fault)
    await notify.handle(person.registered())
    await notify.send()
    notify.clock.advance(hours=1)
    await notify.send()
    assert await notify.state() == "unknown"
    assert len(await simulator.taken(person.mobile)) == taken


@pytest.mark.parametrize("provider_timeout", [0.3])
async def test_a_text_waits_for_the_only_one_who_may_have_it(notify, simulator, person, arm, ordered):
    await ordered("transactional", "ghasedak", "smsir")
    await simulator.fault(person.mobile, "hang_done")
    await arm("ghasedak", "unavailable", operations=("ask",))
    await notify.handle(person.registered())
    for _ in range(3):
        await notify.send()
        notify.clock.advance(minutes=1)
    assert await notify.state() == "queued"
    await arm("ghasedak")
    notify.clock.advance(minutes=5)
    await notify.send()
    assert await notify.state() == "sent"
    assert await providers_of(simulator, person) == ["ghasedak"]


@pytest.mark.parametrize(("fault", "taken"), [("hang_done", ["kavenegar"]), ("hang_lost", [])])
@pytest.mark.parametrize("provider_timeout", [0.3])
async def test_a_code_without_an_answer_goes_to_the_next_and_never_again_to_the_same(
    notify, simulator, person, fault, taken
):
    hang = [{"kind": fault, "times": 1}]
    await simulator.http.put("/sms/faults/providers/kavenegar", json=hang)
    await write_code(notify, person)
    await notify.send()
    assert await providers_of(simulator, person) == [*taken, "ghasedak"]
    [row] = await notify.rows()
    assert (row["state"], row["provider"], row["handed_to"]) == ("sent", "ghasedak", None)


@pytest.mark.parametrize("provider_timeout", [0.3])
async def test_a_code_that_two_may_have_is_given_to_neither_again(
    notify, simulator, person, arm, ordered, monkeypatch
):
    await ordered("code", "kavenegar", "ippanel", "melipayamak")
    for name in ("kavenegar", "ippanel"):
        await simulator.http.put(f"/sms/faults/providers/{name}", json=[{"kind": "hang_done"}])
    await arm("melipayamak", "unavailable")
    with monkeypatch.context() as dying:
        dying.setattr(dispatch, "settle", _die)
        await write_code(notify, person)
        await notify.send()
    [row] = await notify.rows()
    assert (row["state"], row["handed_to"]) == ("sending", ["kavenegar", "ippanel", "melipayamak"])
    await arm("melipayamak")
    notify.clock.advance(seconds=dispatch.LEASE.total_seconds())
    await notify.send()
    assert await providers_of(simulator, person) == ["kavenegar", "ippanel"]
    assert await notify.state() == "unknown"


async def _die(*_):
    raise ConnectionResetError


async def test_who_lost_the_lease_gives_the_message_to_nobody_else(
    notify, simulator, person, arm, monkeypatch
):
    await arm("kavenegar", "unavailable")

    async def taken_over(session, *_):
        raise dispatch.LeaseLost

    monkeypatch.setattr(dispatch, "hand_on", taken_over)
    await notify.handle(person.registered())
    await notify.send()
    assert await notify.state() == "sending"
    assert await providers_of(simulator, person) == []


@pytest.mark.parametrize("provider_timeout", [0.3])
async def test_a_provider_down_in_the_middle_of_many_messages_loses_none_and_repeats_none(
    notify, simulator, person, arm, ordered
):
    """The story: Kavenegar takes some, does not answer for others, which it has taken or has not, is down
    for the rest, and comes back."""
    people = persons(person, 3 * PEOPLE)
    silence = [{"kind": kind, "times": 4} for kind in ("hang_done", "hang_lost")]
    await simulator.http.put("/sms/faults/providers/kavenegar", json=silence)
    for one in people:
        await notify.handle(one.registered())
    [sender] = [sender for sender in notify.senders.values() if sender.lane == "transactional"]
    await sender.begin()
    await sender.finish()
    await arm("kavenegar", "unavailable")
    for _ in range(3):
        await notify.send()
        notify.clock.advance(seconds=3)
    assert "ghasedak" in await providers_of(simulator, *people)
    await arm("kavenegar")
    for _ in range(4):
        notify.clock.advance(minutes=10)
        await notify.failover.try_again()
        await notify.send()
    assert {row["state"] for row in await notify.rows("state")} == {"sent"}
    taken = await simulator.taken(*(one.mobile for one in people))
    assert sorted(row["mobile"] for row in taken) == sorted(one.mobile for one in people)
    assert {row["repeats"] for row in taken} == {0}
