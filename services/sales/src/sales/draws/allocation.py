"""Who gets which car: the ranking and the serial dictatorship within each class.

The entries of a class are ranked by HMAC-SHA256 of the seed and their code, ascending. In that order
each takes a car of its first choice that the class has left; who gets none takes a place in the reserve
of the first choice that has one. What a class leaves over is handed on to a later class, if the rules
name one. One pass, so there is nothing to gain by choosing otherwise than one wishes.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from struct import Struct
from typing import NamedTuple

INNER, OUTER = 0x36, 0x5C
BLOCK_BYTES = 64
RANK_BYTES = 32
INDEX_BYTES = 4
CHOICES_AT = RANK_BYTES + INDEX_BYTES
MAX_CHOICES = 20


@dataclass(frozen=True)
class ClassRules:
    """``quotas`` and ``reserves`` by offering; ``hand_on`` is the index of a later class."""

    quotas: Sequence[int]
    reserves: Sequence[int]
    hand_on: int | None = None


Entry = tuple[int, int, bytes, bytes]
"""Class index, index, code, packed choices."""


class Outcome(NamedTuple):
    """What the draw says of the entry of this index; ranks and positions count from 1.

    ``position`` is that among the selected, or in the reserve, of this class and ``offering``.
    """

    class_index: int
    rank: int
    entry: int
    selected: bool
    offering: int
    position: int


def ranked(seed: bytes, entries: Iterable[Entry], classes: int) -> list[list[bytes]]:
    """The sorted keys of each class; HMAC (RFC 2104) is written out, so its first blocks are hashed once."""
    padded = seed.ljust(BLOCK_BYTES, b"\x00")
    copy_inner = sha256(bytes(byte ^ INNER for byte in padded)).copy
    copy_outer = sha256(bytes(byte ^ OUTER for byte in padded)).copy
    keys: list[list[bytes]] = [[] for _ in range(classes)]
    add = [of_class.append for of_class in keys]
    for class_index, index, code, choices in entries:
        inner = copy_inner()
        inner.update(code)
        outer = copy_outer()
        outer.update(inner.digest())
        add[class_index](outer.digest() + index.to_bytes(INDEX_BYTES, "big") + choices)
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
        seats[class_index] = [
            own + more for own, more in zip(class_rules.quotas, seats[class_index], strict=True)
        ]
        left = list(seats[class_index])
        yield from _dictate(class_index, of_class, left, tuple(left), class_rules.reserves)
        if class_rules.hand_on is not None:
            for offering, cars in enumerate(left):
                seats[class_index][offering] -= cars
                seats[class_rules.hand_on][offering] += cars


def _dictate(
    class_index: int, keys: Sequence[bytes], left: list[int], quotas: Sequence[int], reserves: Sequence[int]
) -> Iterator[Outcome]:
    """Takes from ``left`` in place."""
    waiting = list(reserves)
    places = sum(left) + sum(waiting)
    for rank, key in enumerate(keys, 1):
        if not places:
            return
        chosen = offerings(key)
        for offering in chosen:
            if left[offering]:
                seats, of, selected = left, quotas, True
                break
        else:
            offering = next((one for one in chosen if waiting[one]), -1)
            if offering < 0:
                continue
            seats, of, selected = waiting, reserves, False
        seats[offering] -= 1
        places -= 1
        yield Outcome(class_index, rank, _index(key), selected, offering, of[offering] - seats[offering])


def _index(key: bytes) -> int:
    return int.from_bytes(key[RANK_BYTES:CHOICES_AT], "big")


def pack(choices: Iterable[int]) -> bytes:
    """Two bytes for each offering's index."""
    return b"".join(choice.to_bytes(2, "big") for choice in choices)


def offerings(key: bytes) -> tuple[int, ...]:
    """The indexes that were packed into a key."""
    return _UNPACK[(len(key) - CHOICES_AT) // 2](key, CHOICES_AT)


_UNPACK = [Struct(f">{count}H").unpack_from for count in range(MAX_CHOICES + 1)]
