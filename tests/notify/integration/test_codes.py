"""One-time codes: sent by the provider's patterns, in time or not at all, and kept nowhere."""

from datetime import timedelta

import pytest


@pytest.mark.parametrize(
    ("purpose", "text"),
    [
        ("registration", "کد تأیید شما در نوبت: 482913"),
        ("mobile_change", "کد تأیید شما در نوبت: 482913"),
        ("login", "کد ورود شما به نوبت: 482913"),
        ("second_factor", "کد ورود شما به نوبت: 482913"),
        ("password_reset", "کد بازیابی گذرواژه شما در نوبت: 482913"),
    ],
)
async def test_a_code_comes_once_in_the_words_of_its_purpose(notify, simulator, person, purpose, text):
    issued = person.code_issued("482913", notify.clock() + timedelta(minutes=2), purpose)
    envelope = await notify.handle(issued)
    await notify.send()
    await notify.handle(issued, envelope)
    await notify.send()
    [item] = await simulator.inbox(person.mobile)
    assert (item["text"], item["code"]) == (text, "482913")


async def test_a_code_that_will_not_be_said_is_wiped_once_it_is_sent(notify, simulator, person):
    await notify.handle(person.code_issued("482913", notify.clock() + timedelta(seconds=60)))
    [waiting] = await notify.rows()
    assert waiting["code"] is not None
    await notify.send()
    [sent] = await notify.rows()
    assert (sent["state"], sent["code"]) == ("sent", None)


async def test_a_code_that_arrives_expired_is_not_written_down(notify, simulator, person):
    await notify.handle(person.code_issued("482913", notify.clock()))
    assert await notify.rows() == []


async def test_a_code_that_expires_while_it_waits_is_neither_sent_nor_kept(notify, simulator, person):
    await notify.handle(person.code_issued("482913", notify.clock() + timedelta(minutes=2)))
    notify.clock.advance(minutes=2)
    await notify.send()
    [row] = await notify.rows()
    assert (row["state"], row["code"]) == ("expired", None)
    assert await simulator.taken(person.mobile) == []


async def test_a_code_is_tried_again_while_it_lives(notify, simulator, person):
    await simulator.fault(person.mobile, "refuse", code=418, times=2)
    await notify.handle(person.code_issued("482913", notify.clock() + timedelta(minutes=2)))
    for _ in range(3):
        await notify.send()
        notify.clock.advance(seconds=1)
    assert len(await simulator.taken(person.mobile)) == 1
    assert await notify.state() == "sent"


async def test_a_code_that_cannot_be_sent_before_it_expires_is_given_up(notify, simulator, person):
    await simulator.fault(person.mobile, "refuse", code=418, times=100)
    await notify.handle(person.code_issued("482913", notify.clock() + timedelta(seconds=20)))
    for _ in range(30):
        await notify.send()
        notify.clock.advance(seconds=1)
    [row] = await notify.rows()
    assert (row["state"], row["failure"], row["code"]) == ("expired", "kavenegar:418", None)


@pytest.mark.parametrize(("fault", "arrived"), [("hang_done", 1), ("hang_lost", 0)])
@pytest.mark.parametrize("provider_timeout", [1])
async def test_a_code_whose_fate_nobody_knows_is_not_repeated(notify, simulator, person, fault, arrived):
    await simulator.fault(person.mobile, fault)
    await notify.handle(person.code_issued("482913", notify.clock() + timedelta(minutes=5)))
    await notify.send()
    notify.clock.advance(minutes=2)
    await notify.send()
    assert len(await simulator.taken(person.mobile)) == arrived
    assert await notify.state() == "unknown"
