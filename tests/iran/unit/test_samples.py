from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iran import TextValue, samples

MAKERS: list[Callable[[int], TextValue]] = [
    samples.national_code,
    samples.legal_id,
    samples.mobile,
    samples.sheba,
    samples.card,
    samples.postal_code,
    samples.vin,
]
every_maker = pytest.mark.parametrize("make", MAKERS)
numbers = st.integers(0, samples.LIMIT - 1)


@every_maker
@given(n=numbers)
def test_a_sample_is_valid_and_always_the_same(make: Callable[[int], TextValue], n: int) -> None:
    sample = make(n)
    assert type(sample)(str(sample)) == make(n)


@every_maker
@given(n=numbers, other=numbers)
def test_different_numbers_give_different_samples(
    make: Callable[[int], TextValue], n: int, other: int
) -> None:
    assert (make(n) == make(other)) == (n == other)


@every_maker
def test_ten_thousand_in_a_row_are_distinct(make: Callable[[int], TextValue]) -> None:
    assert len({make(n) for n in range(10_000)}) == 10_000


@every_maker
@pytest.mark.parametrize("n", [-1, samples.LIMIT])
def test_a_number_out_of_range_is_refused(make: Callable[[int], TextValue], n: int) -> None:
    with pytest.raises(ValueError, match="runs from 0"):
        make(n)
