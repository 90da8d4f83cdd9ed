"""Senders as they run in the worker, several at once."""

import asyncio
from contextlib import asynccontextmanager
from datetime import timedelta
from uuid import uuid4

from chassis.messaging import connect, outbox
from chassis.testing.eventually import eventually
from chassis.worker import run_worker
from iran import samples
from notify.app import build
from notify.messages.domain import Lane
from notify.providers.port import Outcome, Verdict

PEOPLE = 40
CODES_IN_FLIGHT = 32


@asynccontextmanager
async def working(service, url):
    """The service's worker with the database as its broker."""
    stop, transport = asyncio.Event(), connect(url)
    worker = asyncio.create_task(run_worker(service, transport, stop))
    try:
        yield
    finally:
        stop.set()
        await worker
        await transport.close()


async def test_what_is_published_reaches_the_phone_and_nothing_is_left_in_hand(
    notify, simulator, person, make_database
):
    async def inbox():
        return await simulator.inbox(person.mobile)

    async with working(notify.service, make_database("notify_broker")):
        async with notify.database.transaction() as session:
            await outbox.record(session, person.registered())
            await outbox.record(session, person.code_issued("482913", notify.clock() + timedelta(minutes=2)))
        await eventually(inbox, lambda items: len(items) == 2)
    for sender in notify.senders.values():
        await sender.finish()
    assert [row["state"] for row in await notify.rows()] == ["sent", "sent"]


async def test_a_handled_event_wakes_the_sender_of_its_lane(notify, simulator, person):
    waiting = asyncio.create_task(notify.senders[Lane.CODE]._bell.wait(3600))
    await notify.handle(person.code_issued("482913", notify.clock() + timedelta(minutes=2)))
    await waiting
    assert await notify.state() == "queued"


async def test_two_processes_send_every_message_once(notify, simulator, person, settings):
    first = uuid4().int % (samples.LIMIT - PEOPLE)
    customers = [type(person)(uuid4(), samples.mobile(first + n)) for n in range(PEOPLE)]
    for customer in customers:
        await notify.handle(customer.registered())
    async with build(settings, clock=notify.clock).opened() as twin:
        senders = [*notify.senders.values(), *type(notify)(twin, notify.clock, notify.keys).senders.values()]

        while any(await asyncio.gather(*(sender.begin() for sender in senders))):
            await asyncio.gather(*(sender.finish() for sender in senders))
    taken = await simulator.taken(*(customer.mobile for customer in customers))
    assert len({row["mobile"] for row in taken}) == PEOPLE
    assert [row["repeats"] for row in taken] == [0] * PEOPLE


async def test_a_slow_provider_holds_no_more_than_the_lanes_limit(notify, simulator, person):
    sender = notify.senders[Lane.CODE]
    for n in range(CODES_IN_FLIGHT + 5):
        await notify.handle(person.code_issued(f"{n:06}", notify.clock() + timedelta(minutes=2)))
    assert await sender.begin() == CODES_IN_FLIGHT
    assert await sender.begin() == 0
    await sender.finish()
    assert await sender.begin() == 5
    await sender.finish()


async def test_texts_that_hang_do_not_delay_a_code(notify, simulator, person, monkeypatch):
    texts, codes = notify.senders[Lane.TRANSACTIONAL], notify.senders[Lane.CODE]
    answer = asyncio.Event()

    async def hang(*_):
        await answer.wait()
        return [Outcome(Verdict.ACCEPTED, message_id="1")]

    kavenegar = texts._courier._failover.named("kavenegar")
    monkeypatch.setattr(kavenegar, "send", hang)
    await notify.handle(person.registered())
    await texts.begin()
    await notify.handle(person.code_issued("482913", notify.clock() + timedelta(minutes=2)))
    await codes.begin()
    await codes.finish()
    assert [row["state"] for row in await notify.rows()] == ["sending", "sent"]
    answer.set()
    await texts.finish()
