"""A code that does not arrive is said by telephone a minute later, once."""

from datetime import timedelta

import pytest

from notify.messages.jobs import DeliveryStates
from notify.messages.voice import VoiceCodes

CODE = "482913"


@pytest.fixture
def voice(notify):
    job = next(job for job in notify.service.jobs if job.name == "notify.voice_codes")
    assert isinstance(job.run.__self__, VoiceCodes)
    return job.run


@pytest.fixture
async def code(notify, person):
    await notify.handle(person.code_issued(CODE, notify.clock() + timedelta(minutes=3)))


async def kinds(simulator, person):
    return [(row["provider"], row["kind"]) for row in await simulator.taken(person.mobile)]


async def wait(notify, simulator, seconds):
    notify.clock.advance(seconds=seconds)
    await simulator.advance(seconds)


async def test_a_code_that_does_not_arrive_is_said_once(notify, simulator, person, code, voice):
    await simulator.fault(person.mobile, "undelivered")
    await notify.send()
    await voice()
    assert await kinds(simulator, person) == [("kavenegar", "sms")]
    await wait(notify, simulator, 60)
    await voice()
    await voice()
    assert await kinds(simulator, person) == [("kavenegar", "sms"), ("kavenegar", "call")]
    [item] = await simulator.inbox(person.mobile)
    assert (item["code"], item["kind"]) == (CODE, "call")
    [row] = await notify.rows()
    assert (row["voice_provider"], row["code"], row["voice_at"]) == ("kavenegar", None, None)
    assert row["voiced_at"] == notify.clock()


async def test_a_code_that_has_arrived_is_not_said(notify, simulator, person, code, voice):
    await notify.send()
    await wait(notify, simulator, 60)
    await voice()
    assert await kinds(simulator, person) == [("kavenegar", "sms")]
    [row] = await notify.rows()
    assert (row["state"], row["code"]) == ("delivered", None)


async def test_a_code_is_wiped_as_soon_as_it_is_known_to_have_arrived(notify, simulator, person, code):
    await notify.send()
    await wait(notify, simulator, 300)
    job = next(job for job in notify.service.jobs if job.name == "notify.delivery_states")
    assert isinstance(job.run.__self__, DeliveryStates)
    await job.run()
    [row] = await notify.rows()
    assert (row["state"], row["code"], row["voice_at"]) == ("delivered", None, None)


@pytest.mark.parametrize("provider_timeout", [0.3])
async def test_a_code_whose_fate_nobody_knows_is_said(notify, simulator, person, code, voice, ordered):
    await ordered("code", "kavenegar")
    await simulator.fault(person.mobile, "hang_lost")
    await notify.send()
    assert await notify.state() == "unknown"
    await wait(notify, simulator, 60)
    await voice()
    assert await kinds(simulator, person) == [("kavenegar", "call")]


@pytest.mark.parametrize("provider_timeout", [0.3])
async def test_a_code_that_is_said_is_not_sent_any_more(notify, simulator, person, code, voice, arm, ordered):
    await ordered("code", "ghasedak")
    await arm("ghasedak", "hang_lost")
    await notify.send()
    assert await notify.state() == "queued"
    await wait(notify, simulator, 60)
    await voice()
    await simulator.http.delete("/sms/faults")
    for _ in range(3):
        await notify.send()
        await wait(notify, simulator, 10)
    assert await kinds(simulator, person) == [("kavenegar", "call")]
    [row] = await notify.rows()
    assert (row["state"], row["code"]) == ("unknown", None)


async def test_the_next_provider_with_a_voice_calls(notify, simulator, person, code, voice, arm, ordered):
    await ordered("code", "smsir")
    await simulator.fault(person.mobile, "undelivered")
    await notify.send()
    await arm("kavenegar", "unavailable")
    await wait(notify, simulator, 60)
    await voice()
    assert await kinds(simulator, person) == [("smsir", "sms"), ("ippanel", "call")]


async def test_nobody_is_called_where_staff_took_the_voices_away(
    notify, simulator, person, code, voice, ordered
):
    await ordered("voice")
    await simulator.fault(person.mobile, "undelivered")
    await notify.send()
    await wait(notify, simulator, 60)
    await voice()
    assert await kinds(simulator, person) == [("kavenegar", "sms")]
    [row] = await notify.rows()
    assert row["code"] is None


async def test_a_dead_code_is_wiped_and_not_said(notify, simulator, person, code, voice):
    await simulator.fault(person.mobile, "undelivered")
    await notify.send()
    await wait(notify, simulator, 180)
    await voice()
    assert await kinds(simulator, person) == [("kavenegar", "sms")]
    [row] = await notify.rows()
    assert row["code"] is None
