"""Creates what a service needs at RabbitMQ."""

from aio_pika import ExchangeType
from aiormq.channel import Channel

from chassis.messaging import topology
from chassis.messaging.subscription import Subscription
from chassis.messaging.transports.amqp_link import ANSWER_SECONDS, Link, NotFound, unavailable_when_broken


async def declare_exchange(link: Link) -> None:
    """Creates the exchange unless it is there: a service may use it without the right to create it."""
    if not await _exists(link):
        channel = await link.open_channel()
        with unavailable_when_broken():
            await channel.exchange_declare(
                topology.EXCHANGE,
                exchange_type=ExchangeType.TOPIC.value,
                durable=True,
                timeout=ANSWER_SECONDS,
            )
            await channel.close()


async def _exists(link: Link) -> bool:
    channel = await link.open_channel()
    try:
        with unavailable_when_broken():
            await channel.exchange_declare(topology.EXCHANGE, passive=True, timeout=ANSWER_SECONDS)
            await channel.close()
    except NotFound:
        return False
    return True


async def declare_queues(link: Link, subscription: Subscription) -> None:
    """The subscription's queues, their exchange and their bindings; what exists stays as it is."""
    await declare_exchange(link)
    channel = await link.open_channel()
    with unavailable_when_broken():
        await _declare_own(channel, subscription)
        for event in subscription.routing_keys:
            await channel.queue_bind(subscription.queue, topology.EXCHANGE, event, timeout=ANSWER_SECONDS)
        await channel.close()


async def _declare_own(channel: Channel, subscription: Subscription) -> None:
    own = subscription.queue
    await channel.exchange_declare(
        own, exchange_type=ExchangeType.DIRECT.value, durable=True, timeout=ANSWER_SECONDS
    )
    for queue in topology.queues_of(subscription):
        await channel.queue_declare(
            queue.name, durable=True, arguments=dict(queue.arguments), timeout=ANSWER_SECONDS
        )
        await channel.queue_bind(queue.name, own, queue.name, timeout=ANSWER_SECONDS)
