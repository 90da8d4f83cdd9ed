"""Logs: one line of JSON for each event, in which nobody can be recognised and nothing forged."""

import io
import json
import logging as standard
from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st
from uuid_utils.compat import uuid7

from chassis import logging, telemetry
from chassis.logging import redact
from chassis.testing.tokens import TestKeys
from iran import NationalCode, Rial, to_persian_digits
from iran.samples import card, mobile, national_code, sheba

Lines = Callable[[], list[dict[str, Any]]]
NUMBERS = st.integers(0, 10**6)


@pytest.fixture
def output() -> io.BytesIO:
    """What a process writes on its standard output."""
    return io.BytesIO()


@pytest.fixture
def lines(output: io.BytesIO, monkeypatch: pytest.MonkeyPatch) -> Iterator[Lines]:
    """The events logged so far; the loggers are as they were afterwards."""
    stdout = io.TextIOWrapper(output, encoding="utf-8", newline="\n", write_through=True)
    monkeypatch.setattr("sys.stdout", stdout)
    structlog_before = structlog.get_config()
    root, quiet = standard.getLogger(), ("uvicorn.access", "aiormq", "aio_pika", "alembic")
    before = root.handlers, root.level, [standard.getLogger(name).level for name in quiet]
    logging.configure("testing", "DEBUG")

    def read() -> list[dict[str, Any]]:
        return [json.loads(line) for line in output.getvalue().decode().split("\n") if line]

    yield read
    root.handlers, root.level = before[:2]
    for name, level in zip(quiet, before[2], strict=True):
        standard.getLogger(name).setLevel(level)
    structlog.configure(**structlog_before)


@pytest.fixture
def log(lines: Lines) -> structlog.stdlib.BoundLogger:
    return logging.get_logger(f"testing.{uuid4()}")


def spellings(number: int) -> dict[str, str]:
    plain, account, digits = mobile(number), sheba(number), card(number)
    return {
        national_code(number): "[national code]",
        to_persian_digits(national_code(number)): "[national code]",
        plain: "[mobile]",
        to_persian_digits(plain): "[mobile]",
        f"0098{plain[1:]}": "[mobile]",
        f"98{plain[1:]}": "[mobile]",
        f"{plain[:4]} {plain[4:7]} {plain[7:]}": "[mobile]",
        f"{plain[:4]}-{plain[4:7]}-{plain[7:]}": "[mobile]",
        account: "[sheba]",
        account.lower(): "[sheba]",
        " ".join(account[start : start + 4] for start in range(0, 26, 4)): "[sheba]",
        digits: "[card]",
        "-".join(digits[start : start + 4] for start in range(0, 16, 4)): "[card]",
    }


SURROUNDINGS = [
    "{}",
    "code {}.",
    "({})",
    '"mobile":"{}"',
    "a={}&b=1",
    "کد{}",
    "user_{}",
    "{}\n{}",
    "x: {}, {}",
]


@given(NUMBERS, st.sampled_from(SURROUNDINGS))
def test_numbers_of_people_are_replaced_by_their_kind(number: int, surroundings: str) -> None:
    for spelling, kind in spellings(number).items():
        text = surroundings.replace("{}", spelling)
        assert redact(text) == surroundings.replace("{}", kind)


def test_tokens_are_replaced() -> None:
    token = TestKeys().token(uuid4(), ["manager"])
    assert redact(f"Authorization: Bearer {token}") == "Authorization: Bearer [token]"


@given(st.uuids() | st.builds(uuid7))
def test_identifiers_survive(identifier: object) -> None:
    assert redact(f"order {identifier}") == f"order {identifier}"


@pytest.mark.parametrize(
    "text",
    [
        "98912345-6789-4abc-8123-989123456789",
        "00-12345678901234567890123456789012-1234567890123456-01",
        "0199a1b2c3d4e5f60718293a4b5c6d7e",
        "bill 1234567890123",
        "1732239414.647 s",
        "0.1234567890",
        "2026-11-22T08:00:00.123456+00:00",
        "127.0.0.1:5432",
        "C-1403-17",
    ],
)
def test_what_names_nobody_survives(text: str) -> None:
    assert redact(text) == text


def test_amounts_and_counts_stay_numbers(log: structlog.stdlib.BoundLogger, lines: Lines) -> None:
    log.info("testing.paid", amount=9_000_000_000, price=Rial(9_123_456_789), share=0.5, ok=True, none=None)
    (event,) = lines()
    assert event["amount"] == 9_000_000_000
    assert event["price"] == 9_123_456_789
    assert (event["share"], event["ok"], event["none"]) == (0.5, True, None)


def test_identifiers_are_written_plainly(log: structlog.stdlib.BoundLogger, lines: Lines) -> None:
    order_id = uuid7()
    log.info("testing.ordered", order_id=order_id)
    assert lines()[0]["order_id"] == str(order_id)


def test_nested_values_and_value_types_are_redacted(log: structlog.stdlib.BoundLogger, lines: Lines) -> None:
    code, phone = national_code(1), mobile(1)
    log.info(
        "testing.nested",
        value=NationalCode(code),
        members={"contact": [{"phone": phone}, (phone,), {phone}], phone: 1},
        raised=ValueError(code),
        raw=code.encode(),
    )
    text = json.dumps(lines())
    assert code not in text
    assert phone not in text


def test_exceptions_are_redacted_and_stay_on_one_line(
    log: structlog.stdlib.BoundLogger, lines: Lines
) -> None:
    code, phone = national_code(1), mobile(1)
    try:
        try:
            raise ValueError(f"{code}\n{phone}")
        except ValueError as error:
            raise RuntimeError(code) from error
    except RuntimeError:
        log.exception("testing.failed")
        standard.getLogger("someone.else").exception("failed for %s", phone)
    events = lines()
    assert len(events) == 2
    for event in events:
        assert "RuntimeError: [national code]" in event["exception"]
        assert code not in json.dumps(event)
        assert phone not in json.dumps(event)


def test_a_row_that_the_database_refused_is_not_shown() -> None:
    said = 'null value in "name"\nDETAIL:  Failing row contains (1, زهرا,\nتهران).\n[SQL: INSERT INTO people]'
    assert redact(said) == 'null value in "name"\n[row]\n[SQL: INSERT INTO people]'


@pytest.mark.parametrize(
    "value",
    [
        'x\r\n{"event": "forged", "level": "info"}',
        "x\n\n\n",
        "\x1b[2J\x1b[31mred\x1b[0m",
        "\x00\x07\x08\x7f\x9b",
        "\u2028\u2029\u0085\x0b\x0c\x1c",
        '", "level": "critical',
        "\u202etxt.exe",
    ],
)
def test_nobody_forges_a_line(value: str, log: structlog.stdlib.BoundLogger, lines: Lines) -> None:
    log.warning("testing.named", name=value)
    standard.getLogger("someone.else").warning("name %s", value)
    ours, theirs = lines()
    assert (ours["name"], ours["event"], ours["level"]) == (value, "testing.named", "warning")
    assert (theirs["event"], theirs["level"]) == (f"name {value}", "warning")


def test_a_lone_surrogate_is_written_escaped() -> None:
    assert logging._line({"name": "\ud800"}) == '{"name": "\\ud800"}'


def test_no_control_sign_reaches_the_terminal(log: structlog.stdlib.BoundLogger, output: io.BytesIO) -> None:
    log.info("testing.named", name="\x1b[31m\r\nnext\x00")
    written = output.getvalue()
    assert written.count(b"\n") == 1
    assert not set(written) & set(b"\x1b\r\x00")


def test_an_event_says_where_it_comes_from(log: structlog.stdlib.BoundLogger, lines: Lines) -> None:
    trace = telemetry.traceparent.set("00-" + "a" * 32 + "-" + "b" * 16 + "-01")
    correlation = telemetry.correlation_id.set("correlation-1")
    log.info("testing.traced")
    telemetry.traceparent.reset(trace)
    telemetry.correlation_id.reset(correlation)
    (event,) = lines()
    assert event["service"] == "testing"
    assert event["trace_id"] == "a" * 32
    assert event["correlation_id"] == "correlation-1"
    assert event["timestamp"].endswith("Z")
