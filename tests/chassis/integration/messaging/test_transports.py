"""Both transports keep the promises of one suite."""

import pytest

from chassis.testing.transports import Connect, TransportSuite


class TestAmqp(TransportSuite):
    @pytest.fixture
    def connect(self, connect_amqp: Connect) -> Connect:
        return connect_amqp


class TestLocal(TransportSuite):
    @pytest.fixture
    def connect(self, connect_local: Connect) -> Connect:
        return connect_local
