"""The counters of a batch: nothing goes below nought on any level, and nobody is refused without a reason."""

from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from sales.capacity.room import Room

CARS = (UUID(int=1), UUID(int=2))
CLASSES, COLOURS = ("ordinary", "veterans"), ("white", "black")
seats = st.tuples(st.sampled_from(CARS), st.sampled_from(CLASSES), st.sampled_from(COLOURS))
few = st.integers(0, 4)


def keys(car, applicant_class, colour):
    return (car, "class", applicant_class), (car, "colour", colour)


@given(
    free=st.fixed_dictionaries(dict.fromkeys(CARS, few)),
    in_quotas=st.fixed_dictionaries(
        {key: few for car in CARS for pair in zip(CLASSES, COLOURS, strict=True) for key in keys(car, *pair)}
    ),
    wishes=st.lists(st.tuples(seats, st.booleans()), max_size=30),
)
def test_a_seat_is_taken_where_every_level_has_one_and_only_there(free, in_quotas, wishes):
    """Some of those who took a seat give it back at once, as a duplicate does."""
    room = Room(dict(free), dict(in_quotas))
    taken: list[tuple[UUID, str, str]] = []
    for seat, stays in wishes:
        held = [*taken, seat]
        counts = {key: sum(key in (each[0], *keys(*each)) for each in held) for key in (*free, *in_quotas)}
        possible = all(counts[key] <= limit for key, limit in (free | in_quotas).items())
        assert (room.full(seat[0], keys(*seat)) is None) == possible
        assert room.take(seat[0], keys(*seat)) == possible
        if possible and stays:
            taken.append(seat)
        elif possible:
            room.give_back(seat[0], keys(*seat))


def test_what_is_full_is_named_the_car_first():
    car = CARS[0]
    key, _ = keys(car, "ordinary", "white")
    assert Room({car: 0}, {key: 0}).full(car, [key]) == car
    assert Room({car: 1}, {key: 0}).full(car, [key]) == key
    assert Room({}, {}).full(car, []) == car
