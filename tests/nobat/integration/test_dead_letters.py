"""``nobat dead-letters`` as an operator uses it."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from typer.testing import CliRunner, Result

from chassis.messaging import Subscription, Transport, connect
from chassis.messaging.transport import Message
from events.sales import OrderLapsed
from nobat.backends import BROKERS
from nobat.dead_letters import app

QUEUE = "sales.purchase"


async def nothing(*_: object) -> None:
    """Handles whatever comes."""


SUBSCRIPTION = Subscription(QUEUE, {OrderLapsed: nothing})


@pytest.fixture
async def broker(
    make_database: Callable[[str], str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Transport]:
    """The broker of a system that ran in the present home."""
    url = make_database("dead_letters")
    (tmp_path / BROKERS).write_text(json.dumps({"sales": url}))
    monkeypatch.setenv("NOBAT_HOME", str(tmp_path))
    monkeypatch.delenv("AMQP_URL", raising=False)
    transport = connect(url)
    yield transport
    await transport.close()


@pytest.fixture
async def dead(broker: Transport) -> UUID:
    """The id of a message that was given up."""
    message = Message(uuid4(), OrderLapsed.name, b'{"payload": {"request_number": "1"}}')
    await broker.declare([SUBSCRIPTION])
    assert list(await broker.publish([message])) == [None]
    async with broker.consume(SUBSCRIPTION) as source:
        (delivery,) = await source.take(1)
        await source.bury(delivery, "ValueError in handler")
    return message.id


async def nobat(*arguments: str) -> Result:
    """Runs the command beside the test's event loop."""

    return await asyncio.to_thread(CliRunner().invoke, app, list(arguments))


async def test_a_dead_letter_is_listed_with_its_failure(dead: UUID) -> None:
    listed = await nobat("list", "--queue", QUEUE)
    assert listed.exit_code == 0
    assert str(dead) in listed.stdout
    assert "ValueError in handler" in listed.stdout


async def test_a_dead_letter_is_shown_with_its_payload(dead: UUID) -> None:
    shown = await nobat("show", "--queue", QUEUE, "--id", str(dead))
    assert '"request_number": "1"' in shown.stdout


async def test_nothing_is_moved_before_somebody_says_apply(dead: UUID, broker: Transport) -> None:
    dry = await nobat("redrive", "--queue", QUEUE)
    assert f"would move {dead}" in dry.stdout
    assert [letter.message.id for letter in await broker.dead_letters(QUEUE, 10)] == [dead]


async def test_a_redriven_letter_is_delivered_again(dead: UUID, broker: Transport) -> None:
    moved = await nobat("redrive", "--queue", QUEUE, "--id", str(dead), "--apply")
    assert f"moved {dead}" in moved.stdout
    assert list(await broker.dead_letters(QUEUE, 10)) == []
    async with broker.consume(SUBSCRIPTION) as source:
        (delivery,) = await source.take(1)
        assert (delivery.message.id, delivery.attempt, delivery.redrives) == (dead, 1, 1)


async def test_an_id_that_is_not_there_is_an_error(dead: UUID) -> None:
    stranger = str(uuid4())
    result = await nobat("redrive", "--queue", QUEUE, "--id", stranger, "--apply")
    assert result.exit_code == 1
    assert stranger in result.output
