"""What a running system writes down about the people who use it."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from chassis.logging import redact
from nobat.testing.system import System
from nobat.testing.visitor import Json, Visitor

OUR_OWN = "timestamp"
"""The only value that is not searched for personal data before it is written."""


@pytest.fixture
def lines(system: System, contract: tuple[Visitor, Json]) -> list[str]:
    """The whole log so far, with the story of somebody who registered, ordered and paid."""
    assert system.home, "the log is in the home of a system that the tests started"
    whole, _, _ = (system.home / "nobat.log").read_text(encoding="utf-8").rpartition("\n")
    return whole.split("\n")


def texts_in(value: Any) -> Iterator[str]:
    """Numbers are left out: an amount of money may look like somebody's national code."""
    match value:
        case dict():
            for name, inner in value.items():
                yield name
                yield from texts_in(inner if name != OUR_OWN else None)
        case list():
            for inner in value:
                yield from texts_in(inner)
        case str():
            yield value


def test_no_text_of_the_log_looks_like_a_person(lines: list[str]) -> None:
    """Nor like a card or a token; what is not from our loggers would not be JSON."""
    assert lines
    assert [line for line in lines if any(redact(text) != text for text in texts_in(json.loads(line)))] == []


def test_the_log_tells_the_story_without_its_person(lines: list[str], contract: tuple[Visitor, Json]) -> None:
    """Not as a number either."""
    visitor, order = contract
    person, log = visitor.person, "\n".join(lines)
    for event in ("identity.customer.registered", "payment.payment.verified", order["order_id"]):
        assert event in log
    form = person.form()
    numbers = [person.mobile[1:], person.iban[2:], person.postal_code]
    secrets = [*numbers, person.password, form["first_name"], form["last_name"], visitor.token or ""]
    assert [secret for secret in secrets if secret in log] == []
    assert not re.search(rf"\b0*{int(person.national_code)}\b", log)
