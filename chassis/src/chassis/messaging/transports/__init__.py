"""The two brokers: RabbitMQ, and tables of a PostgreSQL database where there is none."""

from chassis.messaging.transport import Transport


def connect(url: str) -> Transport:
    """The transport for ``amqp://``, ``amqps://`` or ``postgresql+asyncpg://``; connects when first used."""
    scheme = url.partition("://")[0]
    if scheme in {"amqp", "amqps"}:
        from chassis.messaging.transports.amqp import AmqpTransport  # noqa: PLC0415 - one broker per process

        return AmqpTransport(url)
    if scheme == "postgresql+asyncpg":
        from chassis.messaging.transports.local import LocalTransport  # noqa: PLC0415 - as above

        return LocalTransport(url)
    raise ValueError(f"no transport speaks {scheme}")
