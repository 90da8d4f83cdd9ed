"""A part of a file is what RFC 9110 says it is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sales.draws.ranges import RangeNotSatisfiable, Span, wanted

SIZE = 1000


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (None, None),
        ("bytes=0-", Span(0, 999)),
        ("bytes=0-0", Span(0, 0)),
        ("Bytes=500-599", Span(500, 599)),
        ("bytes=900-5000", Span(900, 999)),
        ("bytes=-100", Span(900, 999)),
        ("bytes=-5000", Span(0, 999)),
        ("bytes=-", None),
        ("bytes=5-3", None),
        ("bytes=0-1,5-6", None),
        ("lines=0-1", None),
    ],
)
def test_a_range_is_read_or_left_aside(header, expected):
    assert wanted(header, SIZE) == expected


@pytest.mark.parametrize("header", ["bytes=1000-", "bytes=1000-1001", "bytes=-0"])
def test_what_the_file_does_not_have_is_refused_with_its_size(header):
    with pytest.raises(RangeNotSatisfiable) as refused:
        wanted(header, SIZE)
    assert refused.value.headers == {"content-range": "bytes */1000"}


@given(parts=st.lists(st.binary(min_size=1, max_size=20), min_size=1), data=st.data())
def test_the_slices_of_the_parts_make_up_the_span(parts, data):
    whole = b"".join(parts)
    first = data.draw(st.integers(0, len(whole) - 1))
    span = Span(first, data.draw(st.integers(first, len(whole) - 1)))
    starts = [sum(map(len, parts[:index])) for index in range(len(parts))]
    cut = [span.of(part, start) for part, start in zip(parts, starts, strict=True)]
    assert b"".join(cut) == whole[span.first : span.last + 1]
    assert len(b"".join(cut)) == span.size
