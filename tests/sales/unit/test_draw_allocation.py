"""Who gets which car is chance and rules, and nothing else."""

import secrets
from collections import Counter
from uuid import UUID, uuid4

from hypothesis import given
from hypothesis import strategies as st

from sales.draws.allocation import ClassRules, Outcome, allocate, keys_of
from sales.draws.formats import SALT_BYTES, entry_code

CHI_SQUARE_9_999 = 27.88
"""The 0.999 quantile with 9 degrees of freedom."""
PLAN = UUID("0192f0c4-0000-7000-8000-000000000001")
"""The same in every run: one in a thousand would be refused."""


def drawn(rules, entries, seed=b"s" * 32):
    """The outcomes of (class index, choices) entries, whose codes are their numbers."""
    rows = [(c, n.to_bytes(32, "big"), numbers(choices), n) for n, (c, choices) in enumerate(entries)]
    return list(allocate(rules, keys_of(seed, rows, len(rules)), seats_of(rules)))


def numbers(choices):
    return ".".join(str(choice + 1) for choice in choices).encode()


def seats_of(rules):
    return [[0] * len(rules[0].quotas) for _ in rules]


@st.composite
def draws(draw):
    offerings = draw(st.integers(1, 4))
    classes = draw(st.integers(1, 3))
    few = st.lists(st.integers(0, 4), min_size=offerings, max_size=offerings)
    rules = [
        ClassRules(
            draw(few),
            draw(few),
            draw(st.none() | st.integers(c + 1, classes - 1)) if c + 1 < classes else None,
        )
        for c in range(classes)
    ]
    wishes = st.permutations(range(offerings)).flatmap(
        lambda order: st.integers(1, offerings).map(lambda n: tuple(order[:n]))
    )
    entries = draw(st.lists(st.tuples(st.integers(0, classes - 1), wishes), max_size=40))
    return rules, entries, draw(st.binary(min_size=32, max_size=32))


@given(draws())
def test_there_are_never_more_winners_than_cars_nor_a_reserve_longer_than_its_places(case):
    rules, entries, seed = case
    outcomes = drawn(rules, entries, seed)
    for offering in range(len(rules[0].quotas)):
        selected = [o for o in outcomes if o.offering == offering and o.selected]
        assert len(selected) <= sum(one.quotas[offering] for one in rules)
        for class_index, one in enumerate(rules):
            waiting = [
                o
                for o in outcomes
                if (o.class_index, o.offering, o.selected) == (class_index, offering, False)
            ]
            assert [o.position for o in waiting] == list(range(1, len(waiting) + 1))
            assert len(waiting) <= one.reserves[offering]
    assert max(Counter(o.entry for o in outcomes).values(), default=1) == 1


@given(draws())
def test_nobody_envies_the_car_of_somebody_of_the_same_class_who_is_ranked_worse(case):
    rules, entries, seed = case
    outcomes = drawn(rules, entries, seed)
    for winner in (o for o in outcomes if o.selected):
        mine = entries[winner.entry][1]
        preferred = set(mine[: mine.index(winner.offering)])
        later = {
            o.offering
            for o in outcomes
            if o.selected and o.class_index == winner.class_index and o.rank > winner.rank
        }
        assert not preferred & later


def test_what_a_class_leaves_over_is_handed_on_as_the_rules_say():
    rules = [ClassRules([3], [0], hand_on=1), ClassRules([1], [0])]
    entries = [(0, (0,)), *((1, (0,)) for _ in range(5))]
    seats = seats_of(rules)
    rows = [(c, n.to_bytes(32, "big"), numbers(w), n) for n, (c, w) in enumerate(entries)]
    outcomes = list(allocate(rules, keys_of(b"x" * 32, rows, 2), seats))
    assert Counter(o.class_index for o in outcomes if o.selected) == {0: 1, 1: 3}
    assert seats == [[1], [3]]


def test_who_gets_no_car_waits_for_the_first_choice_with_a_place():
    rules = [ClassRules([1, 0], [1, 5])]
    outcomes = drawn(rules, [(0, (0, 1))] * 3)
    assert outcomes == [
        Outcome(0, 1, outcomes[0].entry, True, 0, 1),
        Outcome(0, 2, outcomes[1].entry, False, 0, 1),
        Outcome(0, 3, outcomes[2].entry, False, 1, 1),
    ]


def winners_of(seed, codes, cars):
    rows = [(0, code, b"1", n) for n, code in enumerate(codes)]
    return [o.entry for o in allocate([ClassRules([cars], [0])], keys_of(seed, rows, 1), [[0]])]


def test_every_entry_wins_equally_often_over_many_seeds():
    codes = [entry_code(PLAN, bytes([n])) for n in range(10)]
    wins = Counter(winners_of(n.to_bytes(32, "big"), codes, 1)[0] for n in range(5000))
    assert sum((wins[n] - 500) ** 2 / 500 for n in range(10)) < CHI_SQUARE_9_999


def test_when_one_registered_does_not_matter():
    """A lottery of visas was void in 2011: nine in ten winners had come in its first two days."""
    codes = [entry_code(PLAN, n.to_bytes(SALT_BYTES, "big")) for n in range(10_000)]
    winners = winners_of(b"\x07" * 32, codes, 1000)
    tenths = Counter(n // 1000 for n in winners)
    assert sum((tenths[n] - 100) ** 2 / 100 for n in range(10)) < CHI_SQUARE_9_999


def test_one_flipped_bit_of_the_seed_makes_another_draw():
    seed = secrets.token_bytes(32)
    flipped = bytes([seed[0] ^ 1, *seed[1:]])
    codes = [entry_code(uuid4(), bytes(SALT_BYTES)) for _ in range(1000)]
    before, after = set(winners_of(seed, codes, 100)), set(winners_of(flipped, codes, 100))
    assert len(before & after) < 40
