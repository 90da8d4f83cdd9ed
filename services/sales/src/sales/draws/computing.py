"""The long computations of a draw, on files: to be called off the event loop."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from itertools import islice
from pathlib import Path
from uuid import UUID

from sales.draws.allocation import ClassRules, Entry, Outcome, allocate, keys_of
from sales.draws.merkle import BLOCK, block_root, root
from sales.draws.registry import HEX, TAIL, Chunk, Digests, Registry, mapped

ROW = ("order_id", "plan_id", "applicant_class", "rank", "selected", "offering_id", "position")
OUTCOMES = {True: "selected", False: "reserve"}


class EntriesChanged(Exception):
    """What the database holds is not what was frozen and committed to."""


@dataclass(frozen=True)
class Block:
    """``BLOCK`` lines of a published file: their size, the first key in them, their Merkle root."""

    size: int
    first: str
    root: bytes


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


def freeze(path: Path, entries: Path) -> FrozenEntries:
    """Writes the published entries; their Merkle root and digests."""
    registry, blocks, public = Registry(path), list[Block](), sha256()
    with entries.open("wb") as published:
        for text, of_chunk in mapped(_blocks, registry, parallel=not registry.is_small):
            published.write(text)
            public.update(text)
            blocks.extend(of_chunk)
    digests = Digests(registry.count, public.hexdigest(), registry.sha256)
    return FrozenEntries(digests, root([block.root for block in blocks]), blocks)


def _blocks(chunk: Chunk) -> tuple[bytes, list[Block]]:
    """With the text that they are blocks of."""
    lines = chunk.lines()
    blocks = [_block(lines[first : first + BLOCK]) for first in range(0, len(lines), BLOCK)]
    return b"\n".join(lines) + b"\n", blocks


def _block(lines: Sequence[bytes]) -> Block:
    return Block(sum(map(len, lines)) + len(lines), lines[0][:HEX].decode(), block_root(lines))


def draw(files: Files, rules: Rules, seed: bytes, committed: Digests) -> Allocation:
    """Writes the published result and the rows of it; raises ``EntriesChanged``."""
    registry = Registry(files.registry)
    keys: list[list[bytes]] = [[] for _ in rules.classes]
    keys_of_chunk = partial(_keys, seed, len(rules.classes))
    for some in mapped(keys_of_chunk, registry, parallel=not registry.is_small):
        for of_class, more in zip(keys, some, strict=True):
            of_class.extend(more)
    if (registry.count, registry.sha256) != (committed.count, committed.registry):
        raise EntriesChanged
    for of_class in keys:
        of_class.sort()  # from runs that are sorted
    seats = [[0] * len(rules.offering_ids) for _ in rules.classes]
    counts, digest, blocks = _written(allocate(rules.classes, keys, seats), files, registry, rules)
    return Allocation(counts[True], counts[False], digest, blocks, seats)


def _keys(seed: bytes, classes: int, chunk: Chunk) -> list[list[bytes]]:
    return keys_of(seed, _entries(chunk, classes), classes)


def _entries(chunk: Chunk, classes: int) -> Iterator[Entry]:
    numbers = {b"%d" % (index + 1): index for index in range(classes)}
    place = chunk.start
    for line in chunk.lines():
        code, of_class, choices = line.split(b",")
        yield numbers[of_class], bytes.fromhex(code.decode()), choices, place
        place += len(line) + TAIL


def _written(
    outcomes: Iterator[Outcome], files: Files, registry: Registry, rules: Rules
) -> tuple[Counter[bool], str, list[Block]]:
    counts, blocks, public = Counter[bool](), list[Block](), sha256()
    with files.result.open("wb") as result, files.rows.open("w") as rows:
        while some := list(islice(outcomes, BLOCK)):
            lines = []
            identities = registry.identities(outcome.entry for outcome in some)
            for outcome, (code, order_id) in zip(some, identities, strict=True):
                lines.append(_result_line(outcome, code))
                rows.write(
                    f"{order_id}\t{files.plan_id}\t{rules.class_codes[outcome.class_index]}\t{outcome.rank}"
                    f"\t{outcome.selected}\t{rules.offering_ids[outcome.offering]}\t{outcome.position}\n"
                )
            counts.update(outcome.selected for outcome in some)
            text = b"\n".join(lines) + b"\n"
            public.update(text)
            result.write(text)
            blocks.append(_block(lines))
    return counts, public.hexdigest(), blocks


def _result_line(outcome: Outcome, code: bytes) -> bytes:
    head = f"{outcome.class_index + 1},{outcome.rank},"
    tail = f",{OUTCOMES[outcome.selected]},{outcome.offering + 1},{outcome.position}"
    return head.encode() + code + tail.encode()
