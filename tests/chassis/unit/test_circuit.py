"""A circuit: when it opens, what passes while it is open, when it closes."""

from hypothesis import given
from hypothesis import strategies as st

from chassis.circuit import Circuit

LIMIT, SECONDS = 3, 10.0


class Watch:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def opened(watch: Watch) -> Circuit:
    circuit = Circuit(LIMIT, SECONDS, watch)
    assert [circuit.failed() for _ in range(LIMIT)] == [False, False, True]
    return circuit


def test_a_success_in_between_starts_the_count_anew() -> None:
    circuit = Circuit(LIMIT, SECONDS)
    for _ in range(10):
        circuit.failed()
        circuit.failed()
        assert not circuit.succeeded()
    assert circuit.lets_pass()


def test_an_open_circuit_rests_then_lets_one_trial_pass_in_each_period() -> None:
    watch = Watch()
    circuit = opened(watch)
    assert circuit.rests
    assert not circuit.lets_pass()
    watch.now += SECONDS
    assert [circuit.lets_pass() for _ in range(3)] == [True, False, False]


def test_a_trial_that_succeeds_closes_it_and_one_that_fails_does_not() -> None:
    watch = Watch()
    circuit = opened(watch)
    watch.now += SECONDS
    assert circuit.lets_pass()
    assert not circuit.failed()
    assert circuit.rests
    watch.now += SECONDS
    assert circuit.lets_pass()
    assert circuit.succeeded()
    assert [circuit.lets_pass() for _ in range(3)] == [True] * 3


@given(st.lists(st.sampled_from(["fail", "succeed", "wait"])))
def test_it_is_open_exactly_after_so_many_failures_in_a_row(story: list[str]) -> None:
    watch = Watch()
    circuit, in_a_row = Circuit(LIMIT, SECONDS, watch), 0
    for step in story:
        if step == "fail":
            circuit.failed()
            in_a_row += 1
        elif step == "succeed":
            circuit.succeeded()
            in_a_row = 0
        else:
            watch.now += SECONDS
        assert circuit.is_open == (in_a_row >= LIMIT)
        assert not (circuit.rests and not circuit.is_open)
