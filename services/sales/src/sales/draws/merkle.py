"""The Merkle tree over the entries: RFC 6962, section 2.1 (a leaf begins with 0x00, a node with 0x01).

A tree of any size is built level by level: a last node without a neighbour rises as it is.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256

BLOCK = 1024
"""Leaves under one stored node: a whole subtree, so that a proof reads one block and the nodes above."""


def leaf(line: bytes) -> bytes:
    return sha256(b"\x00" + line).digest()


def node(left: bytes, right: bytes) -> bytes:
    return sha256(b"\x01" + left + right).digest()


def risen(level: Sequence[bytes]) -> list[bytes]:
    """The level above."""
    pairs = iter(level)
    above = [sha256(b"\x01" + left + right).digest() for left, right in zip(pairs, pairs, strict=False)]
    return [*above, level[-1]] if len(level) % 2 else above


def root(level: Sequence[bytes]) -> bytes:
    """The root over a level of hashes; that of nothing is the hash of nothing."""
    if not level:
        return sha256(b"").digest()
    while len(level) > 1:
        level = risen(level)
    return level[0]


def block_root(lines: Iterable[bytes]) -> bytes:
    return root([sha256(b"\x00" + line).digest() for line in lines])


@dataclass(frozen=True)
class Step:
    """A neighbour on the way to the root; ``left`` when it stands left of what is proved."""

    left: bool
    hash: bytes


def path(level: Sequence[bytes], index: int) -> list[Step]:
    """From the hash at ``index`` of a level up to its root."""
    steps: list[Step] = []
    while len(level) > 1:
        neighbour = index ^ 1
        if neighbour < len(level):
            steps.append(Step(neighbour < index, level[neighbour]))
        level, index = risen(level), index // 2
    return steps


def proof(lines: Sequence[bytes], index: int, block_roots: Sequence[bytes], block: int) -> list[Step]:
    """Of the line at ``index`` of the ``block``-th block, up to the root over all blocks."""
    return path([leaf(line) for line in lines], index) + path(block_roots, block)
