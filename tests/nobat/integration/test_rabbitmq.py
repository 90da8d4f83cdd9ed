"""The private RabbitMQ: where it listens, how it stops, freezes and comes back."""

import json
from pathlib import Path

import aio_pika
import psutil
import pytest
from aiormq.exceptions import ChannelAccessRefused

from nobat.servers import rabbitmq as rabbitmq_server
from nobat.servers.child import ServerError
from nobat.servers.ports import LOOPBACK
from nobat.servers.rabbitmq import RabbitMQ


async def deliver(url: str, body: bytes) -> bytes:
    """Send a message through a quorum queue and take it out again."""
    async with await aio_pika.connect(url, timeout=30) as connection:
        channel = await connection.channel()
        queue = await channel.declare_queue("round", durable=True, arguments={"x-queue-type": "quorum"})
        await channel.default_exchange.publish(aio_pika.Message(body), queue.name)
        received = await queue.get(timeout=30)
        assert received
        await received.ack()
        return received.body


async def test_a_message_goes_through_a_fresh_vhost(amqp_url: str) -> None:
    assert await deliver(amqp_url, b"hello") == b"hello"


def test_a_vhost_is_gone_after_it_was_deleted(rabbitmq: RabbitMQ) -> None:
    rabbitmq.add_vhost("short-lived")
    rabbitmq.delete_vhost("short-lived")
    assert "short-lived" not in rabbitmq.ctl("list_vhosts").splitlines()


def test_an_expression_that_fails_is_an_error(rabbitmq: RabbitMQ) -> None:
    with pytest.raises(ServerError, match="badmatch"):
        rabbitmq.evaluate("1 = 2")


def test_node_and_port_mapper_listen_on_the_loopback_address_only(rabbitmq: RabbitMQ) -> None:
    for process in (psutil.Process(rabbitmq.pid), psutil.Process(rabbitmq.port_mapper_pid)):
        listening = {c.laddr.ip for c in process.net_connections() if c.status == psutil.CONN_LISTEN}
        assert listening <= {LOOPBACK, "::1"}
        assert process.uids().real


async def test_a_frozen_node_answers_again_once_thawed(rabbitmq: RabbitMQ, amqp_url: str) -> None:
    rabbitmq.freeze()
    try:
        assert psutil.Process(rabbitmq.pid).status() == psutil.STATUS_STOPPED
    finally:
        rabbitmq.thaw()
    assert await deliver(amqp_url, b"thawed") == b"thawed"


async def test_a_stopped_application_refuses_connections_until_it_is_started(
    rabbitmq: RabbitMQ, amqp_url: str
) -> None:
    rabbitmq.stop_app()
    with pytest.raises(ConnectionError):
        await aio_pika.connect(amqp_url, timeout=10)
    rabbitmq.start_app()
    assert await deliver(amqp_url, b"back") == b"back"


async def test_messages_survive_a_kill_and_the_address_stays(rabbitmq: RabbitMQ, amqp_url: str) -> None:
    async with await aio_pika.connect(amqp_url) as connection:
        channel = await connection.channel()
        queue = await channel.declare_queue("kept", durable=True, arguments={"x-queue-type": "quorum"})
        await channel.default_exchange.publish(aio_pika.Message(b"kept"), queue.name)
        rabbitmq.sync_queues()
        rabbitmq.kill()
    rabbitmq.start()
    async with await aio_pika.connect(amqp_url) as connection:
        channel = await connection.channel()
        received = await (await channel.get_queue("kept")).get(timeout=30)
        assert received
        assert received.body == b"kept"


async def test_users_and_their_limits_come_from_the_definitions(tmp_path: Path) -> None:
    definitions = tmp_path / "definitions.json"
    definitions.write_text(
        json.dumps(
            {
                "users": [{"name": "sales", "password": "secret", "tags": []}],
                "vhosts": [{"name": "/"}],
                "permissions": [
                    {"user": "sales", "vhost": "/", "configure": "^round", "write": ".*", "read": "^round"}
                ],
            }
        )
    )
    with rabbitmq_server.throwaway(definitions) as node:
        url = node.url(user="sales", password="secret")
        assert await deliver(url, b"allowed") == b"allowed"
        async with await aio_pika.connect(url) as connection:
            channel = await connection.channel()
            with pytest.raises(ChannelAccessRefused):
                await channel.declare_queue("foreign", durable=True)
