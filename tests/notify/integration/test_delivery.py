"""How far messages have come, as the provider says."""

import pytest

FIVE_MINUTES = 300


@pytest.mark.parametrize(
    ("fault", "state"), [(None, "delivered"), ("undelivered", "undelivered"), ("blocked", "undelivered")]
)
async def test_the_fate_of_a_message_is_recorded(notify, simulator, person, fault, state):
    if fault:
        await simulator.fault(person.mobile, fault)
    await notify.handle(person.registered())
    await notify.send()
    await simulator.advance(FIVE_MINUTES)
    notify.clock.advance(seconds=FIVE_MINUTES)
    await notify.ask_delivery()
    assert await notify.state() == state


async def test_a_message_under_way_is_asked_for_again(notify, simulator, person):
    await notify.handle(person.registered())
    await notify.send()
    notify.clock.advance(seconds=FIVE_MINUTES)
    await notify.ask_delivery()
    assert await notify.state() == "sent"
    await simulator.advance(FIVE_MINUTES)
    await notify.ask_delivery()
    assert await notify.state() == "sent"
    notify.clock.advance(seconds=FIVE_MINUTES)
    await notify.ask_delivery()
    assert await notify.state() == "delivered"


async def test_a_message_that_the_provider_has_forgotten_stays_sent(notify, simulator, person):
    await notify.handle(person.registered())
    await notify.send()
    await simulator.advance(49 * 3600)
    notify.clock.advance(hours=49)
    await notify.ask_delivery()
    [row] = await notify.rows()
    assert (row["state"], row["next_status_at"]) == ("sent", None)
