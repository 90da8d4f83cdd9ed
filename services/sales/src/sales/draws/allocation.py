"""Who gets which car: the ranking and the serial dictatorship within each class.

The entries of a class are ranked by HMAC-SHA256 of the seed and their code, ascending. In that order
each takes a car of its first choice that the class has left; who gets none takes a place in the reserve
of the first choice that has one. What a class leaves over is handed on to a later class, if the rules
name one. One pass, so there is nothing to gain by choosing otherwise than one wishes.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import NamedTuple

INNER, OUTER = 0x36, 0x5C
BLOCK_BYTES = 64
RANK_BYTES = 32
PLACE_BYTES = 6
CHOICES_AT = RANK_BYTES + PLACE_BYTES


@dataclass(frozen=True)
class ClassRules:
    """``quotas`` and ``reserves`` by offering; ``hand_on`` is the index of a later class."""

    quotas: Sequence[int]
    reserves: Sequence[int]
    hand_on: int | None = None


Entry = tuple[int, bytes, bytes, int]
"""Class index, code, the choices as they are published (numbers from 1, divided by dots), and its place:
the number that tells it from all others.
"""


class Outcome(NamedTuple):
    """What the draw says of the entry at this place; ranks and positions count from 1.

    ``position`` is that among the selected, or in the reserve, of this class and ``offering`` (an index).
    """

    class_index: int
    rank: int
    entry: int
    selected: bool
    offering: int
    position: int


def keys_of(seed: bytes, entries: Iterable[Entry], classes: int) -> list[list[bytes]]:
    """By class, a key for each entry: its rank, its place, its choices. Sorted, as the ranks are.

    HMAC (RFC 2104) is written out, so that its first blocks are hashed once and not for each entry.
    """
    padded = seed.ljust(BLOCK_BYTES, b"\x00")
    copy_inner = sha256(bytes(byte ^ INNER for byte in padded)).copy
    copy_outer = sha256(bytes(byte ^ OUTER for byte in padded)).copy
    keys: list[list[bytes]] = [[] for _ in range(classes)]
    add = [of_class.append for of_class in keys]
    for class_index, code, choices, place in entries:
        inner = copy_inner()
        inner.update(code)
        outer = copy_outer()
        outer.update(inner.digest())
        add[class_index](outer.digest() + place.to_bytes(PLACE_BYTES, "big") + choices)
    for of_class in keys:
        of_class.sort()
    return keys


def allocate(
    rules: Sequence[ClassRules], keys: Sequence[Sequence[bytes]], seats: list[list[int]]
) -> Iterator[Outcome]:
    """The outcomes of who is selected or in reserve, class by class, best rank first.

    ``keys`` are the sorted ones of each class. Who is not told of is not selected. Adds to ``seats``, by
    class and offering, the cars that are the class's once all is handed on.
    """
    for class_index, (class_rules, of_class) in enumerate(zip(rules, keys, strict=True)):
        cars = [own + more for own, more in zip(class_rules.quotas, seats[class_index], strict=True)]
        seats[class_index] = cars
        places = _Places(cars), _Places(class_rules.reserves)
        yield from _dictate(class_index, of_class, *places)
        if class_rules.hand_on is not None:
            for offering, left in places[0].left():
                cars[offering] -= left
                seats[class_rules.hand_on][offering] += left


class _Places:
    """What is to be had of each offering, by its number as it stands in a key; taken up to ``most``."""

    def __init__(self, most: Sequence[int]) -> None:
        self.total = sum(most)
        self.open = {b"%d" % number: count for number, count in enumerate(most, 1) if count}
        self._most = most

    def take(self, number: bytes) -> tuple[int, int]:
        """The offering's index and the position."""
        offering, left = int(number) - 1, self.open[number] - 1
        self.total -= 1
        if left:
            self.open[number] = left
        else:
            del self.open[number]
        return offering, self._most[offering] - left

    def left(self) -> list[tuple[int, int]]:
        return [(int(number) - 1, count) for number, count in self.open.items()]


def _dictate(class_index: int, keys: Sequence[bytes], cars: _Places, reserve: _Places) -> Iterator[Outcome]:
    open_cars, open_reserve = cars.open, reserve.open
    for rank, key in enumerate(keys, 1):
        choices = key[CHOICES_AT:].split(b".")
        for number in choices:
            if number in open_cars:
                yield Outcome(class_index, rank, _place(key), True, *cars.take(number))
                break
        else:
            for number in choices:
                if number in open_reserve:
                    yield Outcome(class_index, rank, _place(key), False, *reserve.take(number))
                    break
            else:
                if not open_cars and not open_reserve:
                    return


def _place(key: bytes) -> int:
    return int.from_bytes(key[RANK_BYTES:CHOICES_AT], "big")
