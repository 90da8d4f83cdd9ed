"""Who is offered first: by health, rank and fee, among those that take the amount."""

from hypothesis import given
from hypothesis import strategies as st

from payment.routing.domain import Terms, in_order

NAMES = ("zarinpal", "zibal", "sep", "mellat", "sadad")
AMOUNTS = st.integers(1, 10**12)
BOUNDS = st.none() | AMOUNTS


@st.composite
def terms(draw, name):
    least = draw(st.integers(0, 10**6))
    most = draw(st.none() | st.integers(least, 10**7))
    return Terms(
        name,
        draw(st.booleans()),
        draw(st.integers(1, 3)),
        draw(BOUNDS),
        draw(BOUNDS),
        draw(st.integers(0, 10_000)),
        least,
        most,
    )


ARRANGED = st.tuples(*(terms(name) for name in NAMES))
RESTING = st.sets(st.sampled_from(NAMES))


def plain(name, rank=1, fee_share=0, fee_least=0, fee_most=None, **bounds):
    found = {"smallest": None, "largest": None} | bounds
    return Terms(name, True, rank, fee_share=fee_share, fee_least=fee_least, fee_most=fee_most, **found)


@given(ARRANGED, AMOUNTS, RESTING)
def test_exactly_those_are_offered_that_take_the_amount(arranged, amount, resting):
    offered = in_order(arranged, amount, resting)
    assert sorted(offered) == sorted(one.provider for one in arranged if one.takes(amount))


@given(ARRANGED, AMOUNTS, RESTING)
def test_nobody_who_rests_comes_before_one_who_does_not(arranged, amount, resting):
    rests = [name in resting for name in in_order(arranged, amount, resting)]
    assert rests == sorted(rests)


@given(ARRANGED, AMOUNTS)
def test_of_equal_rank_the_cheaper_comes_first(arranged, amount):
    by_name = {one.provider: one for one in arranged}
    worth = [(by_name[name].rank, by_name[name].fee_of(amount)) for name in in_order(arranged, amount, set())]
    assert worth == sorted(worth)


def test_which_of_two_is_cheaper_depends_on_the_amount():
    share, flat = plain("zibal", fee_share=50), plain("sep", fee_least=10_000)
    assert in_order([share, flat], 1_000_000, set()) == ["zibal", "sep"]
    assert in_order([share, flat], 100_000_000, set()) == ["sep", "zibal"]


def test_a_fee_is_a_share_between_its_least_and_its_most():
    one = plain("zarinpal", fee_share=50, fee_least=3_500, fee_most=120_000)
    assert [one.fee_of(amount) for amount in (1_000, 1_000_001, 900_000_000)] == [3_500, 5_000, 120_000]


def test_an_amount_out_of_bounds_is_taken_by_others_only():
    arranged = [plain("zarinpal", largest=500), plain("mellat", rank=9, smallest=400)]
    assert [in_order(arranged, amount, set()) for amount in (399, 450, 501)] == [
        ["zarinpal"],
        ["zarinpal", "mellat"],
        ["mellat"],
    ]
