"""The rules of messaging that need neither a broker nor a database."""

import asyncio
from uuid import uuid4

import asyncpg
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.exc import DBAPIError

from chassis.database import is_conflict, is_outage
from chassis.messaging import Envelope, Subscription, connect, current_message, topology
from chassis.messaging.definitions import password_hash, rabbitmq_definitions
from chassis.messaging.envelope import enclose, handling
from chassis.messaging.failures import describe
from chassis.messaging.pauses import backoff, pause
from chassis.messaging.transport import Unavailable
from chassis.testing.events import Happened, happened
from chassis.testing.transports import ignore


def test_an_envelope_survives_the_wire() -> None:
    sent = enclose(happened())
    received = Envelope.model_validate_json(sent.model_dump_json())
    assert received == sent
    assert Happened.model_validate(received.payload).thing_id == sent.aggregate_id


def test_a_message_without_a_request_is_its_own_correlation() -> None:
    envelope = enclose(happened())
    assert envelope.correlation_id == str(envelope.id)
    assert envelope.causation_id is None


def test_the_current_message_is_known_only_while_it_is_handled() -> None:
    envelope = enclose(happened())
    with handling(envelope):
        assert current_message() == envelope
        assert enclose(happened()).causation_id == envelope.id
    with pytest.raises(LookupError):
        current_message()


def test_a_failure_is_described_without_its_text() -> None:
    try:
        raise KeyError("0012345678")
    except KeyError as error:
        description = describe(error)
    assert description.startswith("KeyError at messaging/test_messaging_rules.py:")
    assert "0012345678" not in description


def test_a_failure_names_its_cause() -> None:
    error = Unavailable("the connection failed")
    error.__cause__ = ConnectionResetError()
    assert describe(error) == "Unavailable (ConnectionResetError)"


def test_a_lost_connection_is_an_outage_and_a_wrong_value_is_not() -> None:
    assert is_outage(ConnectionRefusedError())
    assert not is_outage(ValueError())
    assert not is_conflict(ValueError())


def test_a_connection_between_its_last_word_and_its_end_is_an_outage() -> None:
    driver = Exception()
    driver.__cause__ = asyncpg.InternalClientError("cannot switch to state 11")
    assert is_outage(DBAPIError("SELECT 1", {}, driver))
    assert not is_outage(DBAPIError("SELECT 1", {}, Exception()))


@given(st.integers(min_value=0, max_value=10_000))
def test_waiting_grows_and_stays_bounded(failures: int) -> None:
    assert 0.125 <= backoff(failures) <= 5


async def test_waiting_ends_when_the_process_stops() -> None:
    stop = asyncio.Event()
    stop.set()
    async with asyncio.timeout(5):
        await pause(stop, 3600)


def test_five_tries_are_the_rule() -> None:
    assert Subscription("sales.purchase", {Happened: ignore}).attempts == 5


def test_every_queue_spells_out_its_arguments() -> None:
    queues = {
        queue.name: queue.arguments
        for queue in topology.queues_of(
            Subscription("sales.purchase", {Happened: ignore}, retry_delays=(5, 0.5))
        )
    }
    assert [*queues] == [
        "sales.purchase",
        "sales.purchase.dead",
        "sales.purchase.retry.500",
        "sales.purchase.retry.5000",
    ]
    assert all(arguments["x-queue-type"] == "quorum" for arguments in queues.values())
    assert all("x-delivery-limit" in arguments for arguments in queues.values())
    waiting = queues["sales.purchase.retry.5000"]
    assert waiting["x-message-ttl"] == 5000
    assert waiting["x-dead-letter-routing-key"] == "sales.purchase"
    assert waiting["x-dead-letter-strategy"] == "at-least-once"
    assert waiting["x-overflow"] == "reject-publish"


def test_the_scheme_chooses_the_transport() -> None:
    with pytest.raises(ValueError, match="no transport speaks kafka"):
        connect("kafka://localhost")


def test_a_password_is_hashed_as_rabbitmq_does() -> None:
    # The example of RabbitMQ's documentation, "Passwords": salt 908D C60A, password test12.
    assert (
        password_hash("test12", bytes.fromhex("908DC60A"))
        == "kI3GCqW5JLMJa4iX1lo7X4D6XbYqlLgxIs30+P6tENUV2POR"
    )


def test_definitions_hold_no_plain_password_and_fence_each_service() -> None:
    secret = uuid4().hex
    definitions = rabbitmq_definitions(["sales"], {"sales": secret})
    assert secret not in str(definitions)
    assert definitions["permissions"] == [
        {
            "user": "sales",
            "vhost": "/",
            "configure": r"^sales\..*$",
            "write": r"^(nobat|sales\..*)$",
            "read": r"^(nobat|sales\..*)$",
        }
    ]
    (topic,) = definitions["topic_permissions"]
    assert (topic["write"], topic["read"]) == (r"^sales\.", ".*")
