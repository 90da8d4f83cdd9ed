"""What every transport must do. A test class inherits the suite and gives it the fixture ``connect``.

``connect()`` answers with a new transport to the same, empty broker, as another process would have it.
If deliveries are leased there, the lease must last a second at most.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from chassis.clock import system_clock
from chassis.messaging import Subscription, Transport, dead_letters
from chassis.messaging.transport import Delivery, Message, Source, Unroutable
from chassis.testing.events import Ceased, Happened
from chassis.testing.eventually import eventually
from events import Event

Connect = Callable[[], Transport]

PATIENCE = 20.0
SILENCE = 0.7
"""Seconds after which nothing more is expected."""


async def ignore(session: AsyncSession, event: Any) -> None:
    """A handler without effects."""


def subscription(queue: str = "testing.first", *events: type[Event], delay: float = 0.2) -> Subscription:
    handlers = dict.fromkeys(events or (Happened,), ignore)
    return Subscription(queue, handlers, retry_delays=(delay,) * 4)


def message(event: type[Event] = Happened, lifetime: float | None = None) -> Message:
    expires_at = system_clock() + timedelta(seconds=lifetime) if lifetime else None
    return Message(uuid7(), event.name, b'{"a": "b"}', expires_at)


def ids(messages: Sequence[Message | Delivery]) -> list[UUID]:
    return sorted(each.message.id if isinstance(each, Delivery) else each.id for each in messages)


async def receive(source: Source, count: int) -> list[Delivery]:
    """The next ``count`` deliveries."""
    received: list[Delivery] = []
    async with asyncio.timeout(PATIENCE):
        while len(received) < count:
            received += await source.take(count - len(received))
    return received


async def drain(source: Source) -> list[Delivery]:
    """Acknowledges and returns what arrives until it has been silent for a while."""
    received: list[Delivery] = []
    loop = asyncio.get_running_loop()
    end = loop.time() + SILENCE
    while loop.time() < end:
        if arrived := await source.take(100):
            await source.acknowledge(arrived)
            received += arrived
            end = loop.time() + SILENCE
    return received


@asynccontextmanager
async def another(connect: Connect, wanted: Subscription) -> AsyncIterator[Source]:
    """A source of a process that ends when the block does."""
    transport = connect()
    try:
        async with transport.consume(wanted) as source:
            yield source
    finally:
        await transport.close()


class TransportSuite:
    """Both transports, one set of promises."""

    async def test_a_message_reaches_every_bound_queue_once(self, connect: Connect) -> None:
        first, second = subscription("testing.first"), subscription("testing.second")
        other = subscription("testing.other", Ceased)
        transport, sent = connect(), [message() for _ in range(20)]
        async with (
            another(connect, first) as one,
            another(connect, second) as two,
            another(connect, other) as three,
        ):
            assert await transport.publish(sent) == [None] * 20
            for source in (one, two):
                received = await receive(source, 20)
                await source.acknowledge(received)
                assert ids(received) == ids(sent)
                assert {delivery.attempt for delivery in received} == {1}
            assert not await drain(one)
            assert not await drain(three)

    async def test_what_is_delivered_is_what_was_published(self, connect: Connect) -> None:
        transport, sent = connect(), message(lifetime=60)
        async with transport.consume(subscription()) as source:
            await transport.publish([sent])
            (delivery,) = await receive(source, 1)
            assert delivery.message == sent
            assert (delivery.redeliveries, delivery.redrives) == (0, 0)

    async def test_a_message_without_a_queue_is_an_error_and_the_rest_is_not(self, connect: Connect) -> None:
        transport = connect()
        await transport.declare([subscription()])
        lost, found, lost_too = await transport.publish([message(Ceased), message(), message(Ceased)])
        assert isinstance(lost, Unroutable)
        assert isinstance(lost_too, Unroutable)
        assert found is None

    async def test_a_large_batch_is_confirmed_as_a_whole(self, connect: Connect) -> None:
        transport, sent = connect(), [message() for _ in range(1500)]
        async with transport.consume(subscription()) as source:
            halves = await asyncio.gather(transport.publish(sent[:750]), transport.publish(sent[750:]))
            assert not any(halves[0])
            assert not any(halves[1])
            received: list[Delivery] = []
            while len(received) < len(sent):
                received += (taken := await receive(source, 1))
                taken += await source.take(500)
                received += taken[1:]
                await source.acknowledge(taken)
            assert ids(received) == ids(sent)

    async def test_a_queue_is_shared_by_its_consumers(self, connect: Connect) -> None:
        transport, sent = connect(), [message() for _ in range(40)]
        async with another(connect, subscription()) as one, another(connect, subscription()) as two:
            await transport.publish(sent)
            shares = await asyncio.gather(drain(one), drain(two))
            assert ids([*shares[0], *shares[1]]) == ids(sent)

    async def test_what_a_dead_consumer_held_goes_to_another(self, connect: Connect) -> None:
        transport, sent = connect(), [message() for _ in range(3)]
        async with another(connect, subscription()) as dying:
            await transport.publish(sent)
            held = await receive(dying, 3)
            await dying.acknowledge([delivery for delivery in held if delivery.message == sent[1]])
        async with another(connect, subscription()) as heir:
            inherited = await receive(heir, 2)
            await heir.acknowledge(inherited)
            assert ids(inherited) == ids([sent[0], sent[2]])
            assert {delivery.redeliveries for delivery in inherited} == {1}
            assert not await drain(heir)

    async def test_acknowledging_twice_or_late_hurts_nobody(self, connect: Connect) -> None:
        transport = connect()
        await transport.declare([subscription()])
        await transport.publish([message()])
        async with another(connect, subscription()) as source:
            held = await receive(source, 1)
            await source.acknowledge(held)
            await source.acknowledge([])
        async with another(connect, subscription()) as later:
            assert not await drain(later)

    async def test_a_retry_comes_after_its_delay_as_the_next_attempt(self, connect: Connect) -> None:
        transport, sent, loop = connect(), message(), asyncio.get_running_loop()
        async with transport.consume(subscription(delay=0.5)) as source:
            await transport.publish([sent])
            (delivery,) = await receive(source, 1)
            given_back = loop.time()
            await source.retry(delivery, 0.5, "Trouble")
            (again,) = await receive(source, 1)
            assert loop.time() - given_back >= 0.45  # noqa: PLR2004 - the delay, less a clock tick
            assert (again.message.id, again.message.body) == (sent.id, sent.body)
            assert (again.attempt, again.redeliveries) == (2, 0)

    async def test_a_retry_does_not_hold_back_the_rest(self, connect: Connect) -> None:
        transport, sent = connect(), [message() for _ in range(5)]
        async with transport.consume(subscription(delay=30)) as source:
            await transport.publish(sent[:1])
            (delivery,) = await receive(source, 1)
            await source.retry(delivery, 30, "Trouble")
            await transport.publish(sent[1:])
            assert ids(await receive(source, 4)) == ids(sent[1:])

    async def test_a_buried_message_is_a_dead_letter_and_nothing_else(self, connect: Connect) -> None:
        transport, sent = connect(), message()
        async with transport.consume(subscription()) as source:
            await transport.publish([sent])
            (delivery,) = await receive(source, 1)
            await source.bury(delivery, "KeyError at things.py:1")
            assert not await drain(source)
        for _ in range(2):  # looking does not take it away
            (letter,) = await dead_letters.list(transport, ["testing.first"])
            assert letter.message == sent
            assert (letter.error, letter.attempt, letter.redrives) == ("KeyError at things.py:1", 1, 0)
        assert (await dead_letters.show(transport, "testing.first", sent.id)).message == sent

    async def test_a_queue_that_nobody_declared_has_no_dead_letters(self, connect: Connect) -> None:
        transport = connect()
        assert not await dead_letters.list(transport, ["testing.unheard"])
        assert not (await dead_letters.redrive(transport, "testing.unheard", dry_run=False)).moved

    async def test_an_expired_message_vanishes(self, connect: Connect) -> None:
        transport, lasting = connect(), message()
        await transport.declare([subscription()])
        await transport.publish([message(lifetime=0.3), lasting])
        await asyncio.sleep(0.5)
        async with transport.consume(subscription()) as source:
            assert ids(await drain(source)) == [lasting.id]
        assert not await dead_letters.list(transport, ["testing.first"])

    async def test_a_redriven_message_returns_to_its_own_queue_only(self, connect: Connect) -> None:
        transport, sent = connect(), [message() for _ in range(3)]
        await transport.declare([subscription("testing.second")])
        async with transport.consume(subscription("testing.first")) as source:
            await transport.publish(sent)
            for delivery in await receive(source, 3):
                await source.bury(delivery, "Trouble")
            rehearsal = await dead_letters.redrive(transport, "testing.first", [sent[0].id])
            assert rehearsal.moved == [sent[0].id]
            assert not await drain(source)
            await dead_letters.redrive(transport, "testing.first", [sent[0].id], dry_run=False)
            (again,) = await receive(source, 1)
            assert (again.message, again.attempt, again.redrives) == (sent[0], 1, 1)
        async with transport.consume(subscription("testing.second")) as untouched:
            assert ids(await drain(untouched)) == ids(sent)
        left = await dead_letters.list(transport, ["testing.first"])
        assert ids([letter.message for letter in left]) == ids(sent[1:])

    async def test_a_message_that_dies_again_and_again_is_not_redriven(self, connect: Connect) -> None:
        transport, sent = connect(), message()
        async with transport.consume(subscription()) as source:
            await transport.publish([sent])
            for redrives in range(3):
                (delivery,) = await receive(source, 1)
                assert delivery.redrives == redrives
                await source.bury(delivery, "Trouble")
                await eventually(lambda: dead_letters.list(transport, ["testing.first"]))
                await dead_letters.redrive(transport, "testing.first", dry_run=False, max_redrives=2)
            refused = await dead_letters.redrive(transport, "testing.first", dry_run=False, max_redrives=2)
            assert (refused.moved, refused.refused) == ([], [sent.id])
            assert not await drain(source)

    async def test_a_cancelled_source_delivers_nothing_new(self, connect: Connect) -> None:
        transport, before, after = connect(), message(), message()
        async with transport.consume(subscription()) as source:
            await transport.publish([before])
            held = await receive(source, 1)
            await source.cancel()
            await transport.publish([after])
            assert not await drain(source)
            await source.acknowledge(held)
        async with transport.consume(subscription()) as next_source:
            assert ids(await receive(next_source, 1)) == [after.id]

    async def test_a_living_broker_passes_its_check(self, connect: Connect) -> None:
        async with connect() as transport:
            await transport.check()

    async def test_declaring_again_changes_nothing(self, connect: Connect) -> None:
        sent = message()
        for transport in (connect(), connect()):
            await transport.declare([subscription(), subscription("testing.second")])
        await transport.publish([sent])
        await transport.declare([subscription()])
        async with transport.consume(subscription()) as source:
            assert ids(await receive(source, 1)) == [sent.id]
