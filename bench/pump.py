"""``python -m bench.pump relay|handle DATABASE_URL AMQP_URL``: one half of the way of an event."""

import asyncio
import sys

import uvloop
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.clock import system_clock
from chassis.database import Database
from chassis.messaging import Consumers, Relay, Subscription, Transport, connect, current_message
from chassis.server import stop_on_signals
from events.sales import OrderLapsed

QUEUE = "notify.bench"
_NOTE = text("INSERT INTO handled (delay) VALUES (:delay)")


async def note_delay(session: AsyncSession, _: OrderLapsed) -> None:
    """Writes how long the message took from its commit, in seconds."""
    delay = system_clock() - current_message().occurred_at
    await session.execute(_NOTE, {"delay": delay.total_seconds()})


def _half(kind: str, database: Database, transport: Transport) -> Relay | Consumers:
    if kind == "relay":
        return Relay(database, transport)
    return Consumers(database, transport, [Subscription(QUEUE, {OrderLapsed: note_delay})])


async def run(kind: str, database_url: str, amqp_url: str) -> None:
    stop: asyncio.Event = stop_on_signals()
    database = Database(database_url)
    async with connect(amqp_url) as transport:
        await _half(kind, database, transport).run(stop)
    await database.close()


if __name__ == "__main__":
    uvloop.run(run(*sys.argv[1:]))
