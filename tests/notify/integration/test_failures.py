"""What the provider, the network and the machine do to a text, and that it never comes twice."""

from uuid import uuid4

import pytest

from notify.messages import dispatch
from notify.messages.tables import Message


async def test_what_is_wrong_with_a_message_ends_it(notify, simulator, person):
    await simulator.fault(person.mobile, "refuse", code=411)
    await notify.handle(person.registered())
    await notify.send()
    notify.clock.advance(hours=1)
    await notify.send()
    [row] = await notify.rows()
    assert (row["state"], row["failure"], row["attempts"]) == ("failed", "kavenegar:411", 1)
    assert await simulator.taken(person.mobile) == []


@pytest.mark.parametrize("code", [402, 403, 409, 412, 418, 429, 503])
async def test_what_can_be_mended_is_tried_again_later(notify, simulator, person, code):
    await simulator.fault(person.mobile, "refuse", code=code)
    await notify.handle(person.registered())
    await notify.send()
    [waiting] = await notify.rows()
    assert (waiting["state"], waiting["failure"]) == ("queued", f"kavenegar:{code}")
    notify.clock.advance(seconds=2)
    await notify.send()
    assert len(await simulator.taken(person.mobile)) == 1


async def test_an_answer_that_is_not_kavenegars_is_tried_again(notify, simulator, person):
    await simulator.fault(person.mobile, "unavailable")
    await notify.handle(person.registered())
    await notify.send()
    [waiting] = await notify.rows()
    assert (waiting["state"], waiting["failure"]) == ("queued", "kavenegar:503")
    notify.clock.advance(seconds=2)
    await notify.send()
    assert len(await simulator.taken(person.mobile)) == 1


@pytest.mark.parametrize("provider_timeout", [1])
async def test_a_text_that_was_taken_without_an_answer_comes_once(notify, simulator, person):
    await simulator.fault(person.mobile, "hang_done")
    await notify.handle(person.registered())
    await notify.send()
    assert await notify.state() == "queued"
    notify.clock.advance(seconds=2)
    await notify.send()
    [taken] = await simulator.taken(person.mobile)
    assert taken["repeats"] == 0
    assert await notify.state() == "sent"


async def test_a_text_comes_once_when_its_sender_dies_before_it_can_say_so(
    notify, simulator, person, monkeypatch
):
    await notify.handle(person.registered())
    with monkeypatch.context() as dying:
        dying.setattr(dispatch, "settle", _die)
        await notify.send()
    assert await notify.state() == "sending"
    await notify.send()
    assert await notify.state() == "sending"
    notify.clock.advance(seconds=dispatch.LEASE.total_seconds())
    await notify.send()
    [taken] = await simulator.taken(person.mobile)
    assert taken["repeats"] == 0
    assert await notify.state() == "sent"


async def test_a_code_comes_once_when_its_sender_dies_before_it_can_say_so(
    notify, simulator, person, monkeypatch
):
    await notify.handle(person.code_issued("482913", notify.clock() + 2 * dispatch.LEASE))
    with monkeypatch.context() as dying:
        dying.setattr(dispatch, "settle", _die)
        await notify.send()
    notify.clock.advance(seconds=dispatch.LEASE.total_seconds())
    await notify.send()
    assert len(await simulator.taken(person.mobile)) == 1
    [row] = await notify.rows()
    assert (row["state"], row["failure"], row["code"]) == ("unknown", "kavenegar:interrupted", None)


async def test_who_lost_the_lease_changes_nothing(notify, simulator, person, monkeypatch):
    await notify.handle(person.registered())
    settle = dispatch.settle

    async def too_late(session, settlements):
        message = await session.get_one(Message, settlements[0].taken.id)
        message.lease = uuid4()
        await session.flush()
        return await settle(session, settlements)

    monkeypatch.setattr(dispatch, "settle", too_late)
    await notify.send()
    assert await notify.state() == "sending"


async def _die(*_):
    raise ConnectionResetError
