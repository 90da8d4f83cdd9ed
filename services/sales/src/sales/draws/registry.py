"""The registry of a draw, and the spreading of long computations on it over all cores.

It is what PostgreSQL copies out: an entry's public line, ``;``, the id of its order, in the order of the
codes. Only the public lines are published; both are committed to.
"""

import os
from array import array
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from hashlib import sha256
from itertools import accumulate, islice
from multiprocessing import get_context
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from sales.draws.merkle import BLOCK

HEX = 64
ORDER = 36
TAIL = ORDER + len(";\n")
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
    """Public lines, a whole number of blocks but for the last chunk; ``first`` is the index of the first."""

    first: int
    text: bytes


class Registry:
    """Read it once from end to end by iterating; then it can be asked for digests and single lines."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._whole, self._public = sha256(), sha256()
        self._offsets = array("Q", [0])

    @property
    def is_small(self) -> bool:
        return self._path.stat().st_size <= SMALL_BYTES

    def __iter__(self) -> Iterator[Chunk]:
        with self._path.open("rb") as file:
            while lines := list(islice(file, CHUNK)):
                first = len(self._offsets) - 1
                start = self._offsets.pop()
                self._offsets.extend(accumulate(map(len, lines), initial=start))
                text = b"\n".join([line[:-TAIL] for line in lines]) + b"\n"
                self._whole.update(b"".join(lines))
                self._public.update(text)
                yield Chunk(first, text)

    def digests(self) -> Digests:
        return Digests(len(self._offsets) - 1, self._public.hexdigest(), self._whole.hexdigest())

    def identities(self, indexes: Iterable[int]) -> Iterator[tuple[bytes, str]]:
        """The code (hex) and the order of each of these lines."""
        with self._path.open("rb") as file:
            descriptor = file.fileno()
            for index in indexes:
                offset = self._offsets[index]
                line = os.pread(descriptor, self._offsets[index + 1] - offset, offset)
                yield line[:HEX], line[-TAIL + 1 : -1].decode()


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
