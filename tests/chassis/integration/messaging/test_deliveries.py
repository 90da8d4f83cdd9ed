"""Relay, consumers and inbox keep the promises of one suite over both transports."""

import pytest

from chassis.testing.deliveries import DeliverySuite
from chassis.testing.transports import Connect


class TestAmqp(DeliverySuite):
    @pytest.fixture
    def connect(self, connect_amqp: Connect) -> Connect:
        return connect_amqp


class TestLocal(DeliverySuite):
    @pytest.fixture
    def connect(self, connect_local: Connect) -> Connect:
        return connect_local
