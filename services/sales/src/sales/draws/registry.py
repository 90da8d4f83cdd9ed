"""The registry of a draw, and the spreading of long computations on it over all cores.

It is what PostgreSQL copies out: an entry's public line, ``;``, the id of its order, in the order of the
codes. Only the public lines are published; both are committed to.
"""

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from hashlib import sha256
from itertools import islice
from multiprocessing import get_context
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from sales.draws.merkle import BLOCK

HEX = 64
ORDER = 36
TAIL = ORDER + len(";\n")
LONGEST = 512
"""Bytes in a line, or more."""
CHUNK = 32 * BLOCK
SMALL_BYTES = 4_000_000
"""Up to this size a process of its own is not worth its start."""

Input = TypeVar("Input")
Value = TypeVar("Value")


@dataclass(frozen=True)
class Digests:
    """What is committed to of a registry; SHA-256, hex."""

    count: int
    entries: str
    registry: str

    @classmethod
    def of(cls, commitment: Mapping[str, Any]) -> "Digests":
        return cls(commitment["entries"], commitment["entries_sha256"], commitment["registry_sha256"])


class Chunk(NamedTuple):
    """A whole number of blocks, but for the last chunk; ``start`` and ``size`` in bytes of the file."""

    path: Path
    start: int
    size: int

    def lines(self) -> list[bytes]:
        """Without what is not published; as long as the registry's own but for ``TAIL``."""
        with self.path.open("rb") as file:
            return [line[:-TAIL] for line in os.pread(file.fileno(), self.size, self.start).splitlines(True)]


class Registry:
    """Read it once from end to end by iterating; then it knows its ``count`` and its ``sha256``."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._whole = sha256()
        self.count = 0

    @property
    def is_small(self) -> bool:
        return self._path.stat().st_size <= SMALL_BYTES

    @property
    def sha256(self) -> str:
        return self._whole.hexdigest()

    def __iter__(self) -> Iterator[Chunk]:
        start = 0
        with self._path.open("rb") as file:
            while lines := list(islice(file, CHUNK)):
                text = b"".join(lines)
                self.count += len(lines)
                self._whole.update(text)
                yield Chunk(self._path, start, len(text))
                start += len(text)

    def identities(self, places: Iterable[int]) -> Iterator[tuple[bytes, str]]:
        """The code (hex) and the order of the lines that start at these bytes."""
        with self._path.open("rb") as file:
            descriptor = file.fileno()
            for place in places:
                line, _, _ = os.pread(descriptor, LONGEST, place).partition(b"\n")
                yield line[:HEX], line[-ORDER:].decode()


def mapped(function: Callable[[Input], Value], inputs: Iterable[Input], *, parallel: bool) -> Iterator[Value]:
    """``function`` of each input, in their order, a few ahead at a time."""
    if not parallel:
        yield from map(function, inputs)
        return
    workers = os.cpu_count() or 1
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        ahead: deque[Future[Value]] = deque()
        for each in inputs:
            ahead.append(pool.submit(function, each))
            if len(ahead) > workers:
                yield ahead.popleft().result()
        while ahead:
            yield ahead.popleft().result()
