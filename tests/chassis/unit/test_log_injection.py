"""Nobody writes a line of the log, commands a terminal or turns the reading direction with what they type."""

import io
import json
import logging as standard
import re
from collections.abc import Iterator

import pytest
import structlog
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chassis import logging

FORGED = [
    'زهرا\r\n{"event": "identity.staff.appointed"}',
    "زهرا\nroot logged in",
    "\x1b[2J\x1b[31mزهرا",
    "زهرا\x9b31m\x85root",
    "زهرا\u2028root\u2029",
    "\u202eرهز\u2066root",
    "زهرا\x00\x07\x7f\b\b\b\b",
]
DANGEROUS = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


@pytest.fixture
def output(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.BytesIO]:
    """What a process writes on its standard output."""
    written = io.BytesIO()
    monkeypatch.setattr("sys.stdout", io.TextIOWrapper(written, encoding="utf-8", write_through=True))
    before, root = structlog.get_config(), standard.getLogger()
    handlers, level = root.handlers, root.level
    logging.configure("testing")
    yield written
    root.handlers, root.level = handlers, level
    structlog.configure(**before)


def lines_of(output: io.BytesIO, text: str) -> list[str]:
    output.seek(0)
    output.truncate()
    logging.get_logger("forging").info("testing.name", name=text, names=[text], n={text: text})
    standard.getLogger("forging").warning("from %s", text)
    return output.getvalue().decode().removesuffix("\n").split("\n")


@pytest.mark.parametrize("text", FORGED)
def test_what_somebody_typed_stays_within_its_value(output: io.BytesIO, text: str) -> None:
    lines = lines_of(output, text)
    assert [json.loads(line)["event"] for line in lines] == ["testing.name", f"from {text}"]
    assert json.loads(lines[0])["name"] == text
    assert not any(DANGEROUS.search(line) for line in lines)


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=60))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_logged_is_one_line_without_control_characters(output: io.BytesIO, text: str) -> None:
    lines = lines_of(output, text)
    assert len(lines) == 2
    assert not any(DANGEROUS.search(line) for line in lines)
