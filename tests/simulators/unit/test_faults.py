from hypothesis import given
from hypothesis import strategies as st

from simulators.bank.faults import OPERATION_OF, BankFault, BankFaults
from simulators.faults import ActiveFaults, Chance

KINDS = sorted(OPERATION_OF)
faults = st.sampled_from(KINDS).map(lambda kind: BankFault.model_validate({"kind": kind}))


@given(st.integers(1, 20), st.integers(1, 25))
def test_a_fault_strikes_exactly_its_times(times: int, tries: int) -> None:
    active = ActiveFaults([BankFault(kind="unavailable", times=times)])
    struck = [active.strike("unavailable", "verify") is not None for _ in range(tries)]
    assert sum(struck) == min(times, tries) == len(active.struck)
    assert struck == sorted(struck, reverse=True)


@given(st.sampled_from(["request", "verify", "inquiry"]), st.sampled_from(["request", "verify", "inquiry"]))
def test_a_fault_strikes_its_own_operation_only(armed: str, called: str) -> None:
    active = ActiveFaults([BankFault.model_validate({"kind": "slow", "operation": armed})])
    assert (active.strike("slow", called) is not None) == (armed == called)


@given(st.lists(st.tuples(st.integers(1, 5), st.lists(faults, max_size=3)), max_size=5))
def test_the_next_subjects_get_what_was_armed_in_its_order(armed: list[tuple[int, list[BankFault]]]) -> None:
    plan = BankFaults()
    for count, wanted in armed:
        plan.arm_next(count, wanted)
    expected = [wanted for count, wanted in armed for _ in range(count)]
    assert [plan.draw().armed for _ in expected] == expected
    assert plan.draw().armed == []


@given(st.integers(), st.lists(st.tuples(st.floats(0, 1), faults), max_size=4))
def test_the_same_seed_deals_the_same_faults(seed: int, dealt: list[tuple[float, BankFault]]) -> None:
    chances: list[Chance[BankFault]] = [
        Chance(probability=probability, fault=fault) for probability, fault in dealt
    ]

    def run() -> list[list[BankFault]]:
        plan = BankFaults()
        plan.start_run(seed, chances)
        return [plan.draw().armed for _ in range(10)]

    assert run() == run()


def test_certain_and_impossible_chances_are_kept() -> None:
    plan = BankFaults()
    always, never = (BankFault(kind="lose_callback"), BankFault(kind="auto_reverse"))
    plan.start_run(1, [Chance(probability=1, fault=always), Chance(probability=0, fault=never)])
    assert all(plan.draw().armed == [always] for _ in range(100))
