"""The long computations of a draw, on files, in a process of their own.

The *registry* is what PostgreSQL copies out: an entry's public line, ``;``, the id of its order, in the
order of the codes. Only the public lines are published; both are committed to.
"""

from array import array
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO
from uuid import UUID

from sales.draws.allocation import ClassRules, Entry, Outcome, allocate, pack, ranked
from sales.draws.merkle import BLOCK, block_root, root

HEX = 64
ORDER = 36
TAIL = ORDER + len(";\n")
MOST_OFFERINGS = 1000
MOST_CLASSES = 100
ROW = ("order_id", "plan_id", "applicant_class", "rank", "selected", "offering_id", "position")
OUTCOMES = {True: "selected", False: "reserve"}


class EntriesChanged(Exception):
    """What the database holds is not what was frozen and committed to."""


@dataclass(frozen=True)
class Block:
    """``BLOCK`` lines of a published file: where they begin, the first key in them, their Merkle root."""

    offset: int
    first: str
    root: bytes


@dataclass(frozen=True)
class Digests:
    """What is committed to; SHA-256, hex."""

    count: int
    entries: str
    registry: str

    @classmethod
    def of(cls, commitment: Mapping[str, Any]) -> "Digests":
        return cls(commitment["entries"], commitment["entries_sha256"], commitment["registry_sha256"])


@dataclass(frozen=True)
class FrozenEntries:
    digests: Digests
    root: bytes
    blocks: Sequence[Block]


@dataclass(frozen=True)
class Allocation:
    """``blocks`` are those of the published result; ``seats`` the cars by class and offering at the end."""

    selected: int
    reserve: int
    sha256: str
    blocks: Sequence[Block]
    seats: Sequence[Sequence[int]]


def freeze(registry: Path, entries: Path) -> FrozenEntries:
    """Writes the published entries; their Merkle root and digests."""
    whole, public, blocks, offset, count = sha256(), sha256(), [], 0, 0
    with registry.open("rb") as lines, entries.open("wb") as published:
        while block := list(islice(lines, BLOCK)):
            whole.update(b"".join(block))
            leaves = [line[:-TAIL] for line in block]
            text = b"\n".join(leaves) + b"\n"
            public.update(text)
            published.write(text)
            blocks.append(Block(offset, leaves[0][:HEX].decode(), block_root(leaves)))
            offset += len(text)
            count += len(leaves)
    digests = Digests(count, public.hexdigest(), whole.hexdigest())
    return FrozenEntries(digests, root([block.root for block in blocks]), blocks)


@dataclass(frozen=True)
class Rules:
    """``class_codes`` and ``offering_ids`` by index; so are the offerings of ``classes``."""

    classes: Sequence[ClassRules]
    class_codes: Sequence[str]
    offering_ids: Sequence[str]


@dataclass(frozen=True)
class Files:
    """``rows`` are for PostgreSQL to copy in: the columns of ``ROW``."""

    registry: Path
    result: Path
    rows: Path
    plan_id: UUID


def draw(files: Files, rules: Rules, seed: bytes, committed: Digests) -> Allocation:
    """Writes the published result and the rows of it; raises ``EntriesChanged``."""
    offsets = array("Q")
    whole, public = sha256(), sha256()
    keys = ranked(seed, _entries(files.registry, offsets, whole.update, public.update), len(rules.classes))
    if Digests(len(offsets), public.hexdigest(), whole.hexdigest()) != committed:
        raise EntriesChanged
    seats = [[0] * len(rules.offering_ids) for _ in rules.classes]
    outcomes = allocate(rules.classes, keys, seats)
    counts, digest, blocks = _written(outcomes, files, offsets, rules)
    return Allocation(counts[True], counts[False], digest, blocks, seats)


Feed = Callable[[bytes], None]


def _entries(registry: Path, offsets: "array[int]", whole: Feed, public: Feed) -> Iterator[Entry]:
    """What is ranked; notes where each line begins and feeds the digests on the way."""
    packed = {str(number + 1).encode(): pack([number]) for number in range(MOST_OFFERINGS)}
    classes = {str(number + 1).encode(): number for number in range(MOST_CLASSES)}
    offset = index = 0
    with registry.open("rb") as lines:
        while block := list(islice(lines, BLOCK)):
            whole(b"".join(block))
            public(b"\n".join([line[:-TAIL] for line in block]) + b"\n")
            for line in block:
                offsets.append(offset)
                offset += len(line)
                of_class, choices = line[HEX + 1 : -TAIL].split(b",")
                code = bytes.fromhex(line[:HEX].decode())
                yield classes[of_class], index, code, b"".join([packed[one] for one in choices.split(b".")])
                index += 1


def _written(
    outcomes: Iterator[Outcome], files: Files, offsets: "array[int]", rules: Rules
) -> tuple[Counter[bool], str, list[Block]]:
    counts, blocks, offset, public = Counter[bool](), list[Block](), 0, sha256()
    with (
        files.registry.open("rb") as registry,
        files.result.open("wb") as result,
        files.rows.open("w") as rows,
    ):
        while some := list(islice(outcomes, BLOCK)):
            lines = []
            for outcome in some:
                code, order_id = _identity(registry, offsets[outcome.entry])
                lines.append(_result_line(outcome, code))
                rows.write(
                    f"{order_id}\t{files.plan_id}\t{rules.class_codes[outcome.class_index]}\t{outcome.rank}"
                    f"\t{outcome.selected}\t{rules.offering_ids[outcome.offering]}\t{outcome.position}\n"
                )
            counts.update(outcome.selected for outcome in some)
            text = b"\n".join(lines) + b"\n"
            public.update(text)
            result.write(text)
            blocks.append(Block(offset, lines[0].decode(), block_root(lines)))
            offset += len(text)
    return counts, public.hexdigest(), blocks


def _identity(registry: BinaryIO, offset: int) -> tuple[bytes, str]:
    """The code (hex) and the order of the line that begins at ``offset``."""
    registry.seek(offset)
    line = registry.readline()
    return line[:HEX], line[-TAIL + 1 : -1].decode()


def _result_line(outcome: Outcome, code: bytes) -> bytes:
    head = f"{outcome.class_index + 1},{outcome.rank},"
    tail = f",{OUTCOMES[outcome.selected]},{outcome.offering + 1},{outcome.position}"
    return head.encode() + code + tail.encode()
