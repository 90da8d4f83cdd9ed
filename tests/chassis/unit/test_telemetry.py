"""Trace context and correlation ids: taken when well formed, made otherwise."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.telemetry import accepted_correlation_id, child_of, new_traceparent, trace_id

TRACE, SPAN = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"
FORM = re.compile(r"00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}")


def test_a_child_has_its_parents_trace_and_flags_and_a_span_of_its_own() -> None:
    child = child_of(f"00-{TRACE}-{SPAN}-00")
    assert trace_id(child) == TRACE
    assert child.endswith("-00")
    assert SPAN not in child


MALFORMED = [
    None,
    "",
    f"01-{TRACE}-{SPAN}-01",
    f"ff-{TRACE}-{SPAN}-01",
    f"00-{'0' * 32}-{SPAN}-01",
    f"00-{TRACE}-{'0' * 16}-01",
    f"00-{TRACE.upper()}-{SPAN}-01",
    f"00-{TRACE[:-1]}-{SPAN}-01",
    f"00-{TRACE}-{SPAN}-01-extra",
    f"00-{TRACE}-{SPAN}-01\n",
    f" 00-{TRACE}-{SPAN}-01",
    f"00-{'٠' * 32}-{SPAN}-01",
]


@pytest.mark.parametrize("parent", MALFORMED)
def test_a_malformed_trace_is_replaced_by_a_new_one(parent: str | None) -> None:
    child = child_of(parent)
    assert FORM.fullmatch(child)
    assert trace_id(child) != TRACE


@given(st.text())
def test_whatever_comes_the_trace_is_well_formed(parent: str) -> None:
    assert FORM.fullmatch(child_of(parent))


@pytest.mark.parametrize("offered", ["12345678", "order-7.checkout_2", "a" * 64])
def test_a_well_formed_correlation_id_is_kept(offered: str) -> None:
    assert accepted_correlation_id(offered, new_traceparent()) == offered


@pytest.mark.parametrize(
    "offered",
    [None, "", "short", "a" * 65, "has space1", "line\nbreak", "a\x1b[31mred", "شناسه‌ی من", "12345678\n"],
)
def test_another_correlation_id_is_replaced_by_the_trace(offered: str | None) -> None:
    parent = new_traceparent()
    assert accepted_correlation_id(offered, parent) == trace_id(parent)
