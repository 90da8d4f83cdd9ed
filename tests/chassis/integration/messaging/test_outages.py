"""Short forms of the failures that `make chaos` tries at length: nothing is lost, nothing has two effects."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest

from chassis.database import Database
from chassis.messaging import Consumers, Relay, Transport
from chassis.messaging.transports.amqp import AmqpTransport
from chassis.testing.diary import QUEUE, Diary, hearing, opened_diary, record, running, things, unsent
from chassis.testing.events import Happened, happened
from chassis.testing.eventually import eventually
from nobat.servers.postgres import Postgres
from nobat.servers.rabbitmq import RabbitMQ

Connect = Callable[[], Transport]
Disturbance = Callable[[RabbitMQ], Awaitable[None]]

PATIENCE = 60


@pytest.fixture
async def diary(database: Database) -> Diary:
    return await opened_diary(database)


@asynccontextmanager
async def purchases(database: Database, diary: Diary, connect: Connect) -> AsyncIterator[list[Happened]]:
    """Events are recorded, relayed and handled all the time; each must have one effect in the end."""
    recorded: list[Happened] = []
    over = asyncio.Event()

    async def keep_recording() -> None:
        while not over.is_set():
            event = happened()
            await record(database, event)
            recorded.append(event)
            await asyncio.sleep(0.02)

    async with running(Relay(database, connect()), Consumers(database, connect(), [hearing(diary.write)])):
        recording = asyncio.create_task(keep_recording())
        await eventually(diary.entries)
        yield recorded
        await asyncio.sleep(0.3)
        over.set()
        await recording
        await eventually(diary.entries, lambda entries: entries == things(recorded), within=PATIENCE)
        await eventually(lambda: unsent(database), lambda rows: not rows, within=PATIENCE)


async def stop_and_start(rabbitmq: RabbitMQ) -> None:
    await asyncio.to_thread(rabbitmq.stop_app)
    await asyncio.sleep(1)
    await asyncio.to_thread(rabbitmq.start_app)


async def kill_and_start(rabbitmq: RabbitMQ) -> None:
    await asyncio.to_thread(rabbitmq.sync_queues)
    await asyncio.to_thread(rabbitmq.kill)
    await asyncio.to_thread(rabbitmq.start)


async def freeze_and_thaw(rabbitmq: RabbitMQ) -> None:
    rabbitmq.freeze()
    await asyncio.sleep(8)  # longer than a publication may take
    rabbitmq.thaw()


LONG = pytest.mark.chaos


@pytest.mark.parametrize(
    "disturb",
    [kill_and_start, pytest.param(stop_and_start, marks=LONG), pytest.param(freeze_and_thaw, marks=LONG)],
)
async def test_nothing_is_lost_when_the_broker_is_away(
    disturb: Disturbance, rabbitmq: RabbitMQ, connect_amqp: Connect, database: Database, diary: Diary
) -> None:
    async with purchases(database, diary, connect_amqp) as recorded:
        before = len(recorded)
        await disturb(rabbitmq)
        assert len(recorded) > before


async def test_a_worker_may_start_before_the_broker(
    rabbitmq: RabbitMQ, amqp_url: str, database: Database, diary: Diary
) -> None:
    await asyncio.to_thread(rabbitmq.stop_app)
    transport, event = AmqpTransport(amqp_url), happened()
    async with (
        transport,
        running(Relay(database, transport), Consumers(database, transport, [hearing(diary.write)])),
    ):
        await record(database, event)
        await asyncio.sleep(1)
        await asyncio.to_thread(rabbitmq.start_app)
        await eventually(diary.entries, within=PATIENCE)
    assert await diary.entries() == [event.thing_id]


async def test_a_consumer_whose_queue_was_deleted_declares_it_again(
    rabbitmq: RabbitMQ, amqp_url: str, connect_amqp: Connect, database: Database, diary: Diary
) -> None:
    vhost = amqp_url.rpartition("/")[2]
    async with running(
        Relay(database, connect_amqp()), Consumers(database, connect_amqp(), [hearing(diary.write)])
    ):
        await record(database, first := happened())
        await eventually(diary.entries)
        await asyncio.to_thread(rabbitmq.ctl, "delete_queue", "--vhost", vhost, QUEUE)
        await record(database, second := happened())
        await eventually(diary.entries, lambda entries: entries == things([first, second]), within=PATIENCE)


async def test_nothing_is_lost_when_the_database_crashes(
    postgres: Postgres, connect_local: Connect, database: Database, diary: Diary
) -> None:
    await record(database, *(events := [happened() for _ in range(100)]))
    async with running(
        Relay(database, connect_local(), batch=10),
        Consumers(database, connect_local(), [hearing(diary.write)]),
    ):
        await asyncio.to_thread(postgres.restart, "immediate")
        await eventually(diary.entries, lambda entries: entries == things(events), within=PATIENCE)
        await eventually(lambda: unsent(database), lambda rows: not rows, within=PATIENCE)
