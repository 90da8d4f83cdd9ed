"""The generated definitions let a service do its work at a real broker, and nothing else."""

import base64
import json
from collections.abc import Callable
from functools import partial

import pytest
from uuid_utils.compat import uuid7

from chassis.messaging import Subscription
from chassis.messaging.definitions import rabbitmq_definitions
from chassis.messaging.transport import Message, Unavailable
from chassis.messaging.transports.amqp import AmqpTransport
from chassis.testing.events import Happened
from chassis.testing.eventually import eventually
from chassis.testing.transports import drain, ids, ignore, receive
from nobat.servers.rabbitmq import RabbitMQ

TransportOf = Callable[[str], AmqpTransport]

PASSWORDS = {"testing": "first-secret", "others": "second-secret"}


async def answers(transport: AmqpTransport) -> bool:
    try:
        await transport.check()
    except Unavailable:
        return False
    return True


@pytest.fixture
async def transport_of(rabbitmq: RabbitMQ, amqp_url: str) -> TransportOf:
    """Opens the transport of a service that has the rights of the definitions, once the node lets it in."""
    vhost = amqp_url.rpartition("/")[2]
    definitions = json.dumps(rabbitmq_definitions(PASSWORDS, PASSWORDS, vhost)).encode()
    encoded = base64.b64encode(definitions).decode()
    rabbitmq.evaluate(f'ok = rabbit_definitions:import_raw(base64:decode(<<"{encoded}">>))')

    def opened(service: str) -> AmqpTransport:
        return AmqpTransport(rabbitmq.url(vhost, service, PASSWORDS[service]))

    for service in PASSWORDS:
        async with opened(service) as probe:
            await eventually(partial(answers, probe), within=60, every=0.5)
    return opened


def wanted(queue: str) -> Subscription:
    return Subscription(queue, {Happened: ignore}, retry_delays=(0.1,))


def message() -> Message:
    return Message(uuid7(), Happened.name, b"{}")


async def test_a_service_declares_publishes_consumes_retries_buries_and_redrives(
    transport_of: TransportOf,
) -> None:
    sent = message()
    async with transport_of("testing") as transport, transport.consume(wanted("testing.first")) as source:
        assert await transport.publish([sent]) == [None]
        (delivery,) = await receive(source, 1)
        await source.retry(delivery, 0.1, "Trouble")
        (again,) = await receive(source, 1)
        await source.bury(again, "Trouble")
        assert await transport.redrive("testing.first", {sent.id: 1}) == [sent.id]
        (back,) = await receive(source, 1)
        await source.acknowledge([back])


async def test_a_service_hears_the_events_of_others(transport_of: TransportOf) -> None:
    sent = message()
    async with (
        transport_of("testing") as speaker,
        transport_of("others") as listener,
        listener.consume(wanted("others.first")) as source,
    ):
        await speaker.publish([sent])
        assert ids(await receive(source, 1)) == [sent.id]


async def test_a_service_cannot_publish_in_the_name_of_another(transport_of: TransportOf) -> None:
    async with (
        transport_of("testing") as true,
        transport_of("others") as false,
        true.consume(wanted("testing.mine")) as source,
    ):
        (outcome,) = await false.publish([message()])
        assert isinstance(outcome, Unavailable)
        assert not await drain(source)


async def test_a_service_cannot_touch_the_queues_of_another(transport_of: TransportOf) -> None:
    async with transport_of("testing") as owner, transport_of("others") as stranger:
        await owner.declare([wanted("testing.mine")])
        with pytest.raises(Unavailable):
            await stranger.dead_letters("testing.mine", 10)
        with pytest.raises(Unavailable):
            await stranger.declare([wanted("testing.mine")])
        with pytest.raises(Unavailable):
            await stranger.declare([wanted("testing.theirs")])
