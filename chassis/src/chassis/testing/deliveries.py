"""What relay, transport, consumers and inbox must do together, whichever the transport.

A test class inherits the suite and gives it the fixtures ``connect`` (see ``transports``) and
``database``, a migrated database without rows.
"""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import telemetry
from chassis.clock import system_clock
from chassis.database import Database
from chassis.messaging import (
    Consumers,
    Envelope,
    Relay,
    Subscription,
    current_message,
    dead_letters,
    outbox,
)
from chassis.messaging.leases import claim, settle
from chassis.messaging.transport import Message
from chassis.testing.diary import QUEUE, hearing, is_unwanted, opened_diary, record, running, things, unsent
from chassis.testing.events import Ceased, Happened, ceased, happened
from chassis.testing.eventually import eventually
from chassis.testing.transports import Connect, another, drain, ids, receive, subscription
from events import Event


class DeliverySuite:
    """From the recording of an event to its effect."""

    async def test_every_recorded_event_has_its_effect_once(
        self, connect: Connect, database: Database
    ) -> None:
        diary, events = await opened_diary(database), [happened() for _ in range(250)]
        listening = Consumers(database, connect(), [hearing(diary.write)])
        async with running(Relay(database, connect()), listening):
            for start in range(0, 250, 25):
                await record(database, *events[start : start + 25])
            await eventually(diary.entries, lambda entries: entries == things(events))
            await eventually(lambda: unsent(database), lambda rows: not rows)

    async def test_a_rolled_back_event_is_never_published(self, connect: Connect, database: Database) -> None:
        diary, kept = await opened_diary(database), happened()
        async with database.transaction() as session:
            await outbox.record(session, happened())
            await session.rollback()
        async with running(
            Relay(database, connect()), Consumers(database, connect(), [hearing(diary.write)])
        ):
            await record(database, kept)
            await eventually(diary.entries)
        assert await diary.entries() == [kept.thing_id]

    async def test_a_message_delivered_twice_has_its_effect_once(
        self, connect: Connect, database: Database
    ) -> None:
        diary, transport, last = await opened_diary(database), connect(), happened()
        wanted = hearing(diary.write)
        await transport.declare([wanted])
        await record(database, happened())
        (row,) = await unsent(database)
        for _ in range(3):
            await transport.publish([Message(row.id, row.routing_key, row.message)])
        await record(database, last)
        async with running(
            Relay(database, transport), *(Consumers(database, connect(), [wanted]) for _ in range(2))
        ):
            entries = await eventually(diary.entries, lambda found: last.thing_id in found)
            await eventually(lambda: unsent(database), lambda rows: not rows)
        assert len(entries) == 2  # noqa: PLR2004
        assert set(diary.calls.values()) == {1}

    async def test_a_poisoned_message_is_tried_five_times_and_holds_back_nothing(
        self, connect: Connect, database: Database
    ) -> None:
        diary, events = await opened_diary(database), [happened() for _ in range(40)]
        poison = events[20].thing_id
        diary.poison = {poison}
        healthy = [thing for thing in things(events) if thing != poison]
        transport = connect()
        await transport.declare([hearing(diary.write)])
        await record(database, *events)
        listening = Consumers(database, transport, [hearing(diary.write, delays=(0.5, 0.1, 0.1, 0.1))])
        async with running(Relay(database, transport), listening):
            await eventually(diary.entries, lambda entries: entries == healthy)
            assert not await dead_letters.list(transport, [QUEUE])
            (letter,) = await eventually(lambda: dead_letters.list(transport, [QUEUE]))
        assert Envelope.model_validate_json(letter.message.body).aggregate_id == poison
        assert diary.calls[poison] == letter.attempt == 5  # noqa: PLR2004 - five tries in all
        assert letter.error.startswith("ValueError at ")
        assert "secret" not in letter.error
        assert await diary.entries() == healthy

    async def test_a_dead_letter_redriven_after_the_repair_has_its_effect_once(
        self, connect: Connect, database: Database
    ) -> None:
        diary, transport = await opened_diary(database), connect()
        events = [happened() for _ in range(30)]
        diary.poison = set(things(events))
        async with running(
            Relay(database, transport), Consumers(database, transport, [hearing(diary.write, delays=())])
        ):
            await record(database, *events)
            await eventually(
                lambda: dead_letters.list(transport, [QUEUE]), lambda dead: len(dead) == len(events)
            )
            diary.poison.clear()
            rehearsal = await dead_letters.redrive(transport, QUEUE)
            assert len(rehearsal.moved) == len(events)
            assert not await diary.entries()
            for _ in range(2):
                await dead_letters.redrive(transport, QUEUE, dry_run=False)
            await eventually(diary.entries, lambda entries: entries == things(events))
            assert not await dead_letters.list(transport, [QUEUE])

    async def test_two_relays_lose_and_double_nothing(self, connect: Connect, database: Database) -> None:
        transport, events = connect(), [happened() for _ in range(1200)]
        async with transport.consume(subscription()) as source:
            await record(database, *events)
            async with running(*(Relay(database, connect(), batch=50) for _ in range(2))):
                await eventually(lambda: unsent(database), lambda rows: not rows)
            received = [Envelope.model_validate_json(each.message.body) for each in await drain(source)]
        assert sorted(envelope.aggregate_id for envelope in received) == things(events)

    async def test_a_relay_whose_lease_ended_has_no_say(self, connect: Connect, database: Database) -> None:
        await record(database, happened())
        async with database.engine.begin() as connection:
            slow = await claim(connection, 10, seconds=0.2)
        await asyncio.sleep(0.3)
        async with database.engine.begin() as connection:
            quick = await claim(connection, 10, seconds=30)
        assert ids(slow.messages) == ids(quick.messages)
        async with database.engine.begin() as connection:
            assert await settle(connection, slow, [None]) == 0
        assert len(await unsent(database)) == 1
        async with database.engine.begin() as connection:
            assert await settle(connection, quick, [None]) == 1
        assert not await unsent(database)

    async def test_an_event_without_a_queue_waits_and_holds_back_nothing(
        self, connect: Connect, database: Database
    ) -> None:
        diary, transport, lonely, wanted = await opened_diary(database), connect(), ceased(), happened()
        async with running(
            Relay(database, transport), Consumers(database, connect(), [hearing(diary.write)])
        ):
            await record(database, lonely, wanted)
            await eventually(diary.entries)
            (row,) = await eventually(lambda: unsent(database), is_unwanted)
            assert row.routing_key == Ceased.name
            async with connect().consume(subscription("testing.late", Ceased)) as late:
                assert ids(await receive(late, 1)) == [row.id]
            await eventually(lambda: unsent(database), lambda rows: not rows)

    async def test_an_expired_event_is_deleted_unsent(self, connect: Connect, database: Database) -> None:
        diary, lasting = await opened_diary(database), happened()
        await record(database, happened(), expires_at=system_clock() - timedelta(seconds=1))
        await record(database, lasting, expires_at=system_clock() + timedelta(minutes=5))
        async with running(
            Relay(database, connect()), Consumers(database, connect(), [hearing(diary.write)])
        ):
            await eventually(lambda: unsent(database), lambda rows: not rows)
            await eventually(diary.entries)
        assert await diary.entries() == [lasting.thing_id]

    async def test_a_handler_knows_its_message_and_continues_its_trace(
        self, connect: Connect, database: Database
    ) -> None:
        parent = telemetry.new_traceparent()
        seen: list[tuple[Envelope, str, str | None]] = []

        async def answer(session: AsyncSession, event: Event) -> None:
            seen.append((current_message(), telemetry.correlation_id.get(), telemetry.traceparent.get()))
            if isinstance(event, Happened):
                await outbox.record(session, ceased())

        correlation, trace = telemetry.correlation_id.set("order-2718"), telemetry.traceparent.set(parent)
        await record(database, happened())
        telemetry.correlation_id.reset(correlation)
        telemetry.traceparent.reset(trace)
        listening = Consumers(database, connect(), [hearing(answer, Happened, Ceased)])
        async with running(Relay(database, connect()), listening):
            await eventually(_count(seen), lambda count: count == 2)  # noqa: PLR2004
        (cause, *_), (effect, *_) = seen
        assert (cause.name, cause.causation_id) == (Happened.name, None)
        assert (effect.name, effect.causation_id) == (Ceased.name, cause.id)
        assert {correlation for _, correlation, _ in seen} == {"order-2718"}
        assert {telemetry.trace_id(trace or "") for *_, trace in seen} == {telemetry.trace_id(parent)}

    async def test_a_deadlock_is_repeated_at_once(self, connect: Connect, database: Database) -> None:
        await _expect_healed(connect, database, "RAISE EXCEPTION 'deadlock' USING ERRCODE = '40P01'")

    async def test_a_lost_database_connection_uses_up_no_try(
        self, connect: Connect, database: Database
    ) -> None:
        await _expect_healed(connect, database, "PERFORM pg_terminate_backend(pg_backend_pid())")

    async def test_an_event_nobody_handles_any_more_is_dropped(
        self, connect: Connect, database: Database
    ) -> None:
        diary, transport, last = await opened_diary(database), connect(), happened()
        await transport.declare([hearing(diary.write, Happened, Ceased)])
        async with running(
            Relay(database, transport), Consumers(database, transport, [hearing(diary.write)])
        ):
            await record(database, ceased(), last)
            await eventually(diary.entries)
        async with transport.consume(subscription()) as source:
            assert not await drain(source)
        assert not await dead_letters.list(transport, [QUEUE])

    async def test_a_message_that_cannot_be_read_is_dead_at_once(
        self, connect: Connect, database: Database
    ) -> None:
        diary, transport = await opened_diary(database), connect()
        await transport.declare([hearing(diary.write)])
        unreadable = [Message(uuid4(), Happened.name, body) for body in (b"{", b"[]", b"\xff", b"")]
        async with running(Consumers(database, transport, [hearing(diary.write)])):
            await transport.publish(unreadable)
            dead = await eventually(
                lambda: dead_letters.list(transport, [QUEUE]), lambda dead: len(dead) == len(unreadable)
            )
        assert ids([letter.message for letter in dead]) == ids(unreadable)
        assert {letter.error.split()[0] for letter in dead} == {"ValidationError"}

    async def test_a_message_that_kills_its_consumers_is_buried(
        self, connect: Connect, database: Database
    ) -> None:
        diary, transport, killer = await opened_diary(database), connect(), happened()
        wanted = Subscription(QUEUE, {Happened: diary.write}, crash_limit=3)
        await transport.declare([wanted])
        async with running(Relay(database, transport)):
            await record(database, killer)
            for _ in range(3):
                async with another(connect, wanted) as dying:
                    await receive(dying, 1)
        async with running(Consumers(database, transport, [wanted])):
            (letter,) = await eventually(lambda: dead_letters.list(transport, [QUEUE]))
        assert letter.error == "CrashLimit"
        assert not diary.calls

    async def test_stopping_finishes_what_is_in_hand(self, connect: Connect, database: Database) -> None:
        diary, transport, entered = await opened_diary(database), connect(), asyncio.Event()
        events = [happened() for _ in range(10)]

        async def slow(session: AsyncSession, event: Happened) -> None:
            entered.set()
            await asyncio.sleep(0.05)
            await diary.write(session, event)

        await transport.declare([hearing(slow)])
        async with running(Relay(database, transport)):
            await record(database, *events)
            await eventually(lambda: unsent(database), lambda rows: not rows)
        async with running(Consumers(database, transport, [hearing(slow)])):
            await entered.wait()
        done = await diary.entries()
        assert done
        async with transport.consume(subscription()) as source:
            left = [Envelope.model_validate_json(each.message.body) for each in await drain(source)]
        assert sorted([*done, *(envelope.aggregate_id for envelope in left)]) == things(events)
        assert set(diary.calls.values()) == {1}


def _count(seen: Sequence[Any]) -> Any:
    async def count() -> int:
        return len(seen)

    return count


async def _expect_healed(connect: Connect, database: Database, trouble: str) -> None:
    """A handler that meets ``trouble`` (PL/pgSQL) once is called again, and no try is used up."""
    diary, event = await opened_diary(database), happened()

    async def stumble(session: AsyncSession, heard: Happened) -> None:
        await diary.write(session, heard)
        if diary.calls[heard.thing_id] == 1:
            await session.execute(text(f"DO $$ BEGIN {trouble}; END $$"))

    transport = connect()
    listening = Consumers(database, transport, [hearing(stumble, delays=())])
    async with running(Relay(database, transport), listening):
        await record(database, event)
        await eventually(diary.entries)
    assert diary.calls == {event.thing_id: 2}
    assert await diary.entries() == [event.thing_id]
    assert not await dead_letters.list(transport, [QUEUE])
