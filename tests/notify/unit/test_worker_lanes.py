"""A worker may be told which lanes are its own."""

import pytest
from pydantic import ValidationError

from chassis.crypto import new_key
from notify.app import build
from notify.config import Settings
from notify.messages.domain import Lane
from notify.messages.sender import Sender


def settings(monkeypatch, lanes=None):
    if lanes is not None:
        monkeypatch.setenv("LANES", lanes)
    return Settings(
        database_url="postgresql+asyncpg://nobody@127.0.0.1:1/none",
        amqp_url="",
        jwks_url="",
        event_keys=f"e1:{new_key()}",
        data_keys=f"d1:{new_key()}",
        kavenegar_base_url="http://127.0.0.1:1",
        kavenegar_api_key="key",
        kavenegar_line="1",
    )


def of(service):
    lanes = {part.lane for part in service.resources if isinstance(part, Sender)}
    return (
        lanes,
        {subscription.queue for subscription in service.subscriptions},
        {job.name for job in service.jobs},
    )


def test_a_worker_serves_all_lanes_unless_it_is_told_otherwise(monkeypatch):
    assert settings(monkeypatch).lanes == frozenset(Lane)


def test_workers_of_parts_of_the_lanes_do_together_what_one_of_all_does(monkeypatch):
    whole = of(build(settings(monkeypatch)))
    parts = [of(build(settings(monkeypatch, lanes))) for lanes in ("code", "transactional, bulk")]
    assert [parts[0][0], parts[1][0]] == [{Lane.CODE}, {Lane.TRANSACTIONAL, Lane.BULK}]
    assert parts[0][1] == {"notify.code"}
    assert parts[0][1].isdisjoint(parts[1][1])
    assert [one | other for one, other in zip(*parts, strict=True)] == list(whole)
    for name in ("notify.runs", "notify.imports", "notify.send.bulk"):
        assert name not in parts[0][2]


@pytest.mark.parametrize("lanes", ["", "express", "code,,bulk"])
def test_lanes_that_do_not_exist_are_refused(monkeypatch, lanes):
    with pytest.raises(ValidationError):
        settings(monkeypatch, lanes)
